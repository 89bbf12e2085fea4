"""A venue that speaks as KuCoin does: signed REST, and sockets at a server that a reply names."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time

from aiohttp import WSMsgType, web
from session_venue import Handler, Venue

KEY, SECRET, PASSPHRASE = "kucoin-key", "kucoin-secret-do-not-show", "phrase-do-not-show"
REFUSED = [
    ("wss://kucoin.com.evil.example/", "none of the venue's"),
    ("wss://notkucoin.com/", "none of the venue's"),
    ("wss://evil.example:443/kucoin.com", "none of the venue's"),
    ("https://ws-api-spot.kucoin.com/", "names no server"),
    ("wss://user:word@ws-api-spot.kucoin.com/", "names no server"),
    ("wss://ws-api-spot.kucoin.com/?to=evil", "names no server"),
    ("wss://ws-api-spot.kucoin.com/" + "a" * 3000, "names no server"),
    ("wss:\\\\evil.example", "names no server"),
    ("ws-api-spot.kucoin.com", "names no server"),
]
"""Addresses that a reply must not name, and what is said of each, in either language."""
TOPICS = ("/account/balance", "/contractAccount/wallet", "/market/ticker:BTC-USDT")


class KucoinVenue(Venue):
    """REST at the first port, sockets at the second; each socket needs a token that lives."""

    sites = 2

    def __init__(self) -> None:
        super().__init__()
        self.endpoint = ""
        """What the reply names instead of the second port, where a test says so."""
        self.refused_topics: list[str] = []
        """Topics and kinds of frames that it answers by an error."""
        self.connections: list[str] = []
        self.hosts: list[str] = []

    async def bullet(self, request: web.Request) -> web.Response:
        self.calls["open"] += 1
        is_private = request.path.endswith("private")
        if is_private and not self.is_signed_as_kucoin(request, await request.text()):
            self.calls["unsigned"] += 1
            reply = {"code": "400005", "msg": "Invalid KC-API-SIGN"}
            return web.json_response(reply, status=401)
        address = self.endpoint or f"{self.urls[1].replace('http', 'ws', 1)}/endpoint"
        server = {
            "endpoint": address,
            "encrypt": True,
            "protocol": "websocket",
            "pingInterval": 18000,
            "pingTimeout": 10000,
        }
        data = {"token": self.grant("bullet+/="), "instanceServers": [server]}
        return web.json_response({"code": "200000", "data": data})

    def is_signed_as_kucoin(self, request: web.Request, body: str) -> bool:
        """Compute the signature from KuCoin's documentation, on what arrived."""
        stamp = request.headers.get("KC-API-TIMESTAMP", "0")
        if abs(int(stamp) - time.time() * 1000) > 60_000:
            return False
        wanted = {
            "KC-API-KEY": KEY,
            "KC-API-KEY-VERSION": "2",
            "KC-API-SIGN": _mac(f"{stamp}{request.method}{request.raw_path}{body}"),
            "KC-API-PASSPHRASE": _mac(PASSPHRASE),
        }
        return all(request.headers.get(name) == value for name, value in wanted.items())

    async def connected(self, request: web.Request) -> web.StreamResponse:
        self.calls["connect"] += 1
        self.hosts.append(request.host)
        token, connection = request.query.get("token", ""), request.query.get("connectId", "")
        if not self.is_live(token) or not connection or connection in self.connections:
            self.calls["refused"] += 1
            return web.Response(status=401)
        self.connections.append(connection)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.setdefault(token, []).append(socket)
        await socket.send_json({"id": connection, "type": "welcome"})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self.answered(socket, message.json(), token)
        return socket

    async def answered(
        self, socket: web.WebSocketResponse, frame: dict[str, object], token: str
    ) -> None:
        refused = {"id": frame["id"], "type": "error"}
        if frame["type"] in self.refused_topics:
            await socket.send_json({**refused, "code": 400, "data": "type is not supported"})
            return
        if frame["type"] == "ping":
            await socket.send_json({"id": frame["id"], "type": "pong"})
            return
        if not self.is_live(token):
            self.calls["gone"] += 1
            await socket.send_json({**refused, "code": 401, "data": "token is expired"})
            return
        if frame["topic"] not in TOPICS or frame["topic"] in self.refused_topics:
            text = f"topic {frame['topic']} is not found"
            await socket.send_json({**refused, "code": 404, "data": text})
            return
        self.subscribed.append(str(frame["topic"]))
        await socket.send_json({"id": frame["id"], "type": "ack"})
        await asyncio.sleep(0.01)
        await socket.send_json(_balance(str(frame["topic"])))

    async def told(self, request: web.Request) -> web.Response:
        match request.match_info["word"]:
            case "endpoint":
                self.endpoint = request.query["address"]
            case "refuse":
                self.refused_topics = request.query.getall("topic")
        return await super().told(request)

    def application(self) -> web.Application:
        app = super().application()
        routes: list[tuple[str, str, str, Handler]] = [
            ("POST", "/api/v1/bullet-private", "bullet", self.bullet),
            ("POST", "/api/v1/bullet-public", "bullet", self.bullet),
            ("GET", "/endpoint", "endpoint", self.connected),
        ]
        for method, path, name, handler in routes:
            app.router.add_route(method, path, self.guarded(name, handler))
        return app


def _mac(text: str) -> str:
    digest = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _balance(topic: str) -> dict[str, object]:
    """The example of KuCoin's own document, shortened."""
    return {
        "topic": topic,
        "type": "message",
        "subject": "account.balance",
        "id": "354689988084000",
        "userId": "633559791e1cbc0001f319bc",
        "channelType": "private",
        "data": {
            "accountId": "548674591753",
            "currency": "USDT",
            "total": "21.133773386762",
            "available": "20.132773386762",
            "hold": "1.001",
            "availableChange": "-0.5005",
            "holdChange": "0.5005",
            "relationContext": {
                "symbol": "BTC-USDT",
                "orderId": "6721d0632db25b0007071fdc",
            },
            "relationEvent": "trade.hold",
            "relationEventId": "354689988084000",
            "time": "1730269283892",
        },
    }
