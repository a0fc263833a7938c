"""A mail server that keeps what it is given, one file a mail, and refuses the recipients whose name is "refused"."""

import asyncio
import itertools
import pathlib
import sys

from aiosmtpd.controller import UnthreadedController


class Keeper:
    def __init__(self, folder):
        self.folder, self.numbers = folder, itertools.count(1)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        number = next(self.numbers)
        part = self.folder / f"{number:04}.part"
        part.write_bytes(envelope.content)
        # Whoever counts the mails sees whole ones alone.
        part.rename(part.with_suffix(".eml"))
        return "250 taken"


async def main(folder, port_file):
    controller = UnthreadedController(Keeper(folder), hostname="127.0.0.1", port=0, loop=asyncio.get_running_loop())
    server = await controller._create_server()
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    await asyncio.Event().wait()


asyncio.run(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
