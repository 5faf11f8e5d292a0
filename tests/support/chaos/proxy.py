"""A TCP proxy on loopback in front of a real server: it cuts, stalls, slows and refuses connections on request."""

import asyncio
import random
import socket
import struct
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from infra.local.processes import PORT_RANGE, is_free

CHUNK = 65536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 seconds: close() sends RST, as a crashed peer or a firewall would


class Proxy:
    """One port in front of another; ``async with Proxy(port) as proxy`` serves inside the block.

    ``cut`` resets what is open, ``refuse`` cuts and takes nothing new until ``accept``, ``stall`` swallows every byte
    (a black hole: nobody is told) until ``flow``, ``delay`` seconds are added to each chunk.
    """

    def __init__(self, target: int) -> None:
        self.target, self.delay = target, 0.0
        self.port = next(port for port in iter(lambda: random.randint(*PORT_RANGE), 0) if is_free(port))
        self._listening: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, ...]] = {}
        self._flowing = asyncio.Event()
        self._flowing.set()

    @classmethod
    def before(cls, url: str) -> Self:
        """A proxy in front of the server that this URL names."""
        port = urlsplit(url).port
        assert port is not None, f"no port in {url}"
        return cls(port)

    def through(self, url: str) -> str:
        """The same URL through this proxy; a MongoDB client is kept from finding the way around it."""
        return url.replace(f":{self.target}/", f":{self.port}/").replace("replicaSet=rs0", "directConnection=true")

    @property
    def connections(self) -> int:
        """How many connections are open now."""
        return len(self._open)

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._flowing.set()
        await self.refuse()

    async def accept(self) -> None:
        """Take new connections."""
        if self._listening is None:
            self._listening = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def refuse(self) -> None:
        """Reset what is open and refuse what comes, as a server that is down does."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        await self.cut()

    async def cut(self) -> None:
        """Reset every open connection; new ones are served as before."""
        tasks = list(self._open)
        for task in tasks:
            for writer in self._open[task]:
                _reset(writer)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def stall(self) -> None:
        """Pass nothing on, in neither direction, and close nothing."""
        self._flowing.clear()

    def flow(self) -> None:
        """Pass everything on again, first what was held back."""
        self._flowing.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _reset(writer)
            return
        task = asyncio.current_task()
        assert task is not None
        if self._listening is None:  # refused while this one was on its way
            _reset(writer)
            _reset(back)
            return
        self._open[task] = (writer, back)
        pumps = [asyncio.create_task(self._pump(reader, back)), asyncio.create_task(self._pump(there, writer))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:  # cut; streams would log it as an error if it went on from here
            pass
        finally:
            for pump in pumps:
                pump.cancel()
            for end in self._open.pop(task):
                end.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(CHUNK):
                await asyncio.sleep(self.delay)
                await self._flowing.wait()
                sink.write(data)
                await sink.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    held = writer.get_extra_info("socket")
    if held is not None and not writer.is_closing():
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
