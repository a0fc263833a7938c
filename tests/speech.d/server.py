"""A speech server of OpenAI's interface over pocketsphinx, which brings its model; and the recordings it is asked for.

POST /v1/audio/transcriptions takes the form field `file`, a WAV of 16 kHz and 16 bits, one channel. GET /NAME gives a file of
the folder in argv[1]. Prints the address it listens on."""

import email.parser
import email.policy
import http.server
import io
import json
import pathlib
import sys
import wave

import pocketsphinx

FOLDER = pathlib.Path(sys.argv[1])


def heard(sound):
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (16000, 2, 1)
        frames = io.BytesIO(file.readframes(file.getnframes()))
    decoder, sentences = pocketsphinx.Decoder(samprate=16000, loglevel="FATAL"), []
    # A pause ends a sentence, which the model itself does not tell.
    for part in pocketsphinx.Segmenter(sample_rate=16000).segment(frames):
        decoder.start_utt()
        decoder.process_raw(part.pcm, full_utt=True)
        decoder.end_utt()
        if hypothesis := decoder.hyp():
            sentences.append(hypothesis.hypstr.capitalize() + ".")
    return " ".join(sentences)


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        file = FOLDER / pathlib.PurePosixPath(self.path).name
        if file.is_file():
            self.answer(200, "audio/wav", file.read_bytes())
        else:
            self.answer(404, "text/plain", b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != "/v1/audio/transcriptions":
            return self.answer(404, "text/plain", b"")
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        parts = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in form.iter_parts()}
        self.answer(200, "application/json", json.dumps({"text": heard(parts["file"])}).encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
