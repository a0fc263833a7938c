//! Servers that are slow, endless, or lie.

use std::time::Duration;

use frontdesk_outbound::{Excess, Failure, Fetch, Post};

use crate::server::{Step, answer, fetch, fetch_of, local, permanent, post_of, retryable, say, serve};

const SOON: Duration = Duration::from_millis(150);
const WAV: &str = "HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\n";

/// What a POST and a GET with little time come to.
async fn impatient(steps: Vec<Step>) -> [Failure; 2] {
    let url = format!("http://a.example:{}/", serve(steps).await.0);
    let folder = tempfile::tempdir().unwrap();
    let post = local().post(Post { timeout: SOON, ..post_of(&url) }).await.unwrap_err();
    let fetch = local().fetch(Fetch { timeout: SOON, ..fetch_of(&url, &folder) }).await.unwrap_err();
    [post, fetch]
}

/// What a POST and a GET of 1,000 bytes at most come to.
async fn both(steps: Vec<Step>) -> [Failure; 2] {
    let url = format!("http://a.example:{}/", serve(steps).await.0);
    [local().post(post_of(&url)).await.unwrap_err(), fetch(&local(), &url).await.unwrap_err()]
}

#[tokio::test]
async fn who_is_slow_runs_out_of_time() {
    let head = say(format!("{WAV}content-length: 10\r\n\r\n"));
    for steps in [
        vec![Step::Hang],
        vec![say("HTTP/1.1 200"), Step::Hang],
        vec![say(format!("{WAV}x-a: 1\r\n")), Step::Hang],
        vec![head.clone(), Step::Hang],
        vec![head, say("RIFF"), Step::Hang],
        vec![say(format!("{WAV}transfer-encoding: chunked\r\n\r\n4\r\nRIFF\r\n")), Step::Hang],
    ] {
        for failure in impatient(steps).await {
            retryable(&failure, "a.example did not answer within 0.15 seconds");
        }
    }
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    for head in ["content-length: 99999999999\r\n\r\n", "\r\n"] {
        let steps = vec![say(format!("{WAV}{head}")), Step::Forever(vec![b'x'; 4096])];
        let [post, fetch] = both(steps).await;
        permanent(&post, "the answer of a.example is larger than 1000 bytes");
        permanent(&fetch, "the file is larger than 1000 bytes");
    }
    let steps = vec![say(format!("{WAV}transfer-encoding: chunked\r\n\r\n")), Step::Forever(b"3\r\nabc\r\n".to_vec())];
    let url = format!("http://a.example:{}/", serve(steps.clone()).await.0);
    let answer = local().post(Post { excess: Excess::Cut, ..post_of(&url) }).await.unwrap();
    assert_eq!((answer.status, answer.body.len(), answer.cut), (200, 1000, true));
    let [post, fetch] = both(steps).await;
    permanent(&post, "larger than 1000 bytes");
    permanent(&fetch, "larger than 1000 bytes");
}

#[tokio::test]
async fn a_head_without_end_is_cut_off() {
    for endless in [&b"x-filler: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"[..], b"zzzzzzzzzzzzzzzzzzzzzzzzz"] {
        for failure in both(vec![say(WAV), Step::Forever(endless.to_vec())]).await {
            assert!(failure.is_retryable(), "{failure:?}");
        }
    }
}

#[tokio::test]
async fn a_content_length_that_is_too_large_is_enough() {
    // Nothing of the body is sent: who waited for it would wait for ever.
    let [post, fetch] = both(vec![say(format!("{WAV}content-length: 1001\r\n\r\n")), Step::Hang]).await;
    permanent(&post, "larger than 1000 bytes");
    permanent(&fetch, "larger than 1000 bytes");
}

#[tokio::test]
async fn half_an_answer_is_none() {
    for half in [
        "content-length: 900\r\n\r\nhalf",
        "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "transfer-encoding: chunked\r\n\r\nff\r\nhalf",
        "content-length: 900\r\n\r\n",
        "x-a: ",
    ] {
        for failure in both(vec![say(format!("{WAV}{half}")), Step::Close]).await {
            retryable(&failure, "the connection to a.example broke before the whole answer was there");
        }
    }
    for failure in both(vec![Step::Close]).await {
        retryable(&failure, "broke");
    }
}

#[tokio::test]
async fn a_content_length_that_is_too_small_is_taken_at_its_word() {
    let steps = vec![say(format!("{WAV}content-length: 4\r\n\r\nRIFFHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nEVIL"))];
    let url = format!("http://a.example:{}/", serve(steps).await.0);
    let client = local();
    for _ in 0..3 {
        assert_eq!(fetch(&client, &url).await.unwrap().bytes, 4);
        assert_eq!(&client.post(post_of(&url)).await.unwrap().body[..], b"RIFF", "the next answer begins with its own head");
    }
}

#[tokio::test]
async fn what_is_not_http_is_said() {
    for nonsense in
        ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-length: 9\r\n\r\nabcd"]
    {
        for failure in both(vec![say(nonsense), Step::Close]).await {
            retryable(&failure, "the answer of a.example is not HTTP");
        }
    }
}

#[tokio::test]
async fn nothing_is_decompressed() {
    let bomb = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0; 500]].concat();
    let (port, seen) = serve(answer("200 OK", "content-type: audio/wav\r\ncontent-encoding: gzip\r\n", &bomb)).await;
    let url = format!("http://a.example:{port}/");
    permanent(&fetch(&local(), &url).await.unwrap_err(), "compressed, which was not asked for");
    assert_eq!(local().post(post_of(&url)).await.unwrap().body, bomb, "as it came");
    for request in seen.requests() {
        assert!(request.contains("\r\naccept-encoding: identity\r\n"), "{request}");
    }
}
