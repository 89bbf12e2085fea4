"""A small venue that enforces its sessions: it refuses unknown and expired ones, and counts all."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from aiohttp import WSMsgType, web

KEY, SECRET = "user-key", "user-secret-do-not-show"
CLIENT, CLIENT_SECRET = "client-1", "client-secret-do-not-show"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Venue:
    """What a session lives for, what the venue is told to refuse, and what it saw."""

    sites = 1
    """At how many ports it is served."""

    def __init__(self) -> None:
        self.url = ""
        self.urls: list[str] = []
        self.lifetime_s = 60.0
        self.grace_s = 0.0
        """How much longer than it says the venue takes a session, where a client's own clock is
        what a test is about: a busy machine is late, and must not be refused for that."""
        self.event: dict[str, object] = {"e": "ACCOUNT_UPDATE", "balance": "1.50"}
        self.refusals: Counter[str] = Counter()
        """How many of the next calls of an operation fail with 503; -1 for all."""
        self.refused_with: dict[str, int] = {}
        self.calls: Counter[str] = Counter()
        self.given: list[str] = []
        self.sessions: dict[str, float] = {}
        self.refreshers: dict[str, str] = {}
        self.last_nonce = 0
        self.orders: list[str] = []
        self.sockets: dict[str, list[web.WebSocketResponse]] = {}
        self.subscribed: list[str] = []
        self.loop = asyncio.new_event_loop()

    # Sessions.

    def grant(self, prefix: str) -> str:
        token = f"{prefix}-{secrets.token_hex(12)}"
        self.sessions[token] = time.monotonic() + self.lifetime_s + self.grace_s
        self.given.append(token)
        return token

    def is_live(self, token: str) -> bool:
        return self.sessions.get(token, 0.0) > time.monotonic()

    def revoke(self) -> None:
        """End every session at once, as a venue does that was restarted."""
        self.sessions.clear()
        self.refreshers.clear()

    # REST.

    async def issue(self, request: web.Request) -> web.Response:
        form = await request.post()
        if form.get("grant_type") == "refresh_token":
            self.calls["refresh"] += 1
            old = self.refreshers.pop(str(form.get("refresh_token")), None)
            if old is None:
                return web.json_response({"error": "invalid_grant"}, status=400)
            self.sessions.pop(old, None)
        else:
            self.calls["open"] += 1
            if form.get("client_id") != CLIENT or form.get("client_secret") != CLIENT_SECRET:
                words = f"who is {form.get('client_id')} with {form.get('client_secret')}?"
                return web.json_response({"code": "BAD_CLIENT", "message": words}, status=401)
        await asyncio.sleep(0.02)
        token = self.grant("access")
        refresher = f"refresh-{secrets.token_hex(8)}"
        self.refreshers[refresher] = token
        self.given.append(refresher)
        reply = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": self.lifetime_s,
            "refresh_token": refresher,
        }
        return web.json_response(reply)

    def bearer(self, request: web.Request) -> bool:
        return self.is_live(request.headers.get("Authorization", "").removeprefix("Bearer "))

    async def account(self, request: web.Request) -> web.Response:
        if not self.bearer(request):
            self.calls["refused"] += 1
            return web.json_response({"code": "NO_TOKEN", "message": "unknown"}, status=401)
        return web.json_response({"name": "me"})

    async def order(self, request: web.Request) -> web.Response:
        if not self.bearer(request):
            self.calls["refused"] += 1
            status = self.refused_with.get("order", 401)
            return web.json_response({"code": "SESSION_GONE", "message": "gone"}, status=status)
        name = (await request.json())["client_order_id"]
        self.orders.append(name)
        return web.json_response({"name": name})

    def is_signed(self, request: web.Request, body: str) -> bool:
        nonce, stamp = request.headers.get("X-NONCE", "0"), request.headers.get("X-TIMESTAMP", "")
        # A number that grows with the clock, within a day of it; a calendar day ends at midnight.
        day_us = 86_400_000_000
        is_near = abs(int(nonce) - time.time_ns() // 1_000) < day_us
        if not is_near or int(nonce) <= self.last_nonce:
            return False
        self.last_nonce = int(nonce)
        text = f"{stamp}{nonce}{request.method}{request.path}{body}"
        wanted = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted, request.headers.get("X-SIGNATURE", ""))

    async def log_in(self, request: web.Request) -> web.Response:
        self.calls["open"] += 1
        if not self.is_signed(request, ""):
            return web.json_response({"code": "BAD_SIGNATURE", "message": "no"}, status=401)
        return web.json_response({"token": self.grant("jwt"), "authorizer": "a"})

    async def log_out(self, request: web.Request) -> web.Response:
        self.calls["close"] += 1
        self.sessions.pop(request.headers.get("Authorization", "").removeprefix("Bearer "), None)
        return web.Response(status=204)

    async def command(self, request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        if not self.is_signed(request, body) or not self.bearer(request):
            self.calls["refused"] += 1
            return web.json_response({"code": "NO_SESSION", "message": "no"}, status=401)
        self.orders.append(json.loads(body)["client_order_id"])
        return web.json_response({"name": "done"})

    async def listen_key(self, request: web.Request) -> web.Response:
        names = {"POST": "open", "PUT": "refresh", "DELETE": "close"}
        self.calls[names[request.method]] += 1
        if KEY not in (request.headers.get("X-KEY"), request.headers.get("X-MBX-APIKEY")):
            return web.json_response({"code": -2014, "msg": "API-key format invalid."}, status=401)
        # Binance's futures know one key for each account, and do not ask which.
        is_own = request.path.startswith("/fapi")
        key = self.given[-1] if is_own and self.given else request.query.get("listenKey", "")
        if request.method == "POST":
            return web.json_response({"listenKey": self.grant("listen")})
        if not self.is_live(key):
            text = "This listenKey does not exist."
            return web.json_response({"code": -1125, "msg": text}, status=400)
        if request.method == "PUT":
            self.sessions[key] = time.monotonic() + self.lifetime_s
        else:
            self.sessions.pop(key)
        return web.json_response({})

    async def socket_token(self, request: web.Request) -> web.Response:
        self.calls["open"] += 1
        if request.headers.get("API-Key") != KEY or "API-Sign" not in request.headers:
            return web.json_response({"error": ["EAPI:Invalid key"]}, status=401)
        result = {"token": self.grant("token"), "expires": self.lifetime_s}
        return web.json_response({"error": [], "result": result})

    # Sockets.

    async def user_stream(self, request: web.Request) -> web.StreamResponse:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        key = request.match_info.get("key", bearer)
        self.calls["connect"] += 1
        if not self.is_live(key):
            self.calls["refused"] += 1
            return web.Response(status=401)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.setdefault(key, []).append(socket)
        talk = asyncio.create_task(self.talk(key, socket))
        async for _ in socket:
            continue
        talk.cancel()
        return socket

    async def talk(self, key: str, socket: web.WebSocketResponse) -> None:
        """Bring events while the key is alive, then say that it is over, and close."""
        while self.is_live(key):
            await socket.send_json(self.event)
            await asyncio.sleep(0.02)
        await socket.send_json({"e": "listenKeyExpired", "listenKey": key})
        self.calls["expired"] += 1
        # A message and a close in one packet are not told apart by every client's WebSocket.
        await asyncio.sleep(0.05)
        await socket.close()

    async def private_stream(self, request: web.Request) -> web.StreamResponse:
        self.calls["connect"] += 1
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.setdefault("private", []).append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self.answer(socket, json.loads(message.data))
        return socket

    async def first_version(self, request: web.Request) -> web.StreamResponse:
        """Kraken's first socket, whose token stands in the subscription."""
        self.calls["connect"] += 1
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            frame = json.loads(message.data)
            token = frame["subscription"].get("token", "")
            reply = {"event": "subscriptionStatus", "reqid": frame["reqid"]}
            if self.is_live(token):
                self.subscribed.append(token)
                good = {"status": "subscribed", "channelID": 1, "channelName": "ownTrades"}
                await socket.send_json({**reply, **good})
            else:
                self.calls["refused"] += 1
                text = "ESession:Invalid session"
                await socket.send_json({**reply, "status": "error", "errorMessage": text})
        return socket

    async def answer(self, socket: web.WebSocketResponse, frame: dict[str, object]) -> None:
        params = frame.get("params")
        token = str(params.get("token")) if isinstance(params, dict) else ""
        reply = {"req_id": frame.get("req_id"), "method": frame["method"]}
        if not self.is_live(token):
            self.calls["refused"] += 1
            error = "ESession:Invalid session"
            await socket.send_json({**reply, "success": False, "error": error})
            return
        self.subscribed.append(token)
        await socket.send_json({**reply, "success": True, "result": "ok"})
        await socket.send_json({"channel": "executions", "data": [{"exec_id": "1"}]})

    def drop_sockets(self) -> None:
        """Close every socket, as a venue does now and then."""
        sockets = [socket for many in self.sockets.values() for socket in many]
        self.sockets.clear()
        for socket in sockets:
            asyncio.run_coroutine_threadsafe(socket.close(), self.loop).result(5)

    # What a test in another process asks of it.

    async def told(self, request: web.Request) -> web.Response:
        """Answer what was counted, or do what a test in this process does by itself."""
        match request.match_info["word"]:
            case "calls":
                return web.json_response({k: n for k, n in self.calls.items() if n})
            case "given":
                return web.json_response(self.given)
            case "revoke":
                self.revoke()
            case "drop":
                sockets = [socket for many in self.sockets.values() for socket in many]
                self.sockets.clear()
                await asyncio.gather(*(socket.close() for socket in sockets))
            case "reset":
                self.calls.clear()
                self.lifetime_s = float(request.query["lifetime_s"])
                self.refusals["keep"] = int(request.query.get("keep", 0))
        return web.json_response({})

    # The server.

    def guarded(self, name: str, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            if self.refusals[name] != 0:
                self.refusals[name] -= 1
                self.calls[f"{name} failed"] += 1
                return web.json_response({"code": "BUSY", "message": "busy"}, status=503)
            return await handler(request)

        return handle

    def application(self) -> web.Application:
        app = web.Application()
        routes: list[tuple[str, str, str, Handler]] = [
            ("POST", "/oauth/token", "issue", self.issue),
            ("GET", "/account", "account", self.account),
            ("POST", "/orders", "order", self.order),
            ("GET", "/login", "login", self.log_in),
            ("GET", "/logout", "logout", self.log_out),
            ("POST", "/commands", "command", self.command),
            ("POST", "/listenKey", "create", self.listen_key),
            ("PUT", "/listenKey", "keep", self.listen_key),
            ("DELETE", "/listenKey", "delete", self.listen_key),
            ("POST", "/fapi/v1/listenKey", "create", self.listen_key),
            ("PUT", "/fapi/v1/listenKey", "keep", self.listen_key),
            ("DELETE", "/fapi/v1/listenKey", "delete", self.listen_key),
            ("POST", "/0/private/GetWebSocketsToken", "token", self.socket_token),
            ("GET", "/ws/{key}", "ws", self.user_stream),
            ("GET", "/v2", "v2", self.private_stream),
            ("GET", "/", "v1", self.first_version),
            ("GET", "/private", "private", self.user_stream),
        ]
        app.router.add_get("/_{word}", self.told)
        for method, path, name, handler in routes:
            app.router.add_route(method, path, self.guarded(name, handler))
        return app


Kind = TypeVar("Kind", bound=Venue)


@contextmanager
def serve(kind: type[Kind]) -> Iterator[Kind]:
    """Run a venue in a thread of its own."""
    venue = kind()
    runner = web.AppRunner(venue.application(), access_log=None, shutdown_timeout=0.2)
    thread = threading.Thread(target=venue.loop.run_forever, daemon=True)
    thread.start()

    async def start() -> str:
        await runner.setup()
        for _ in range(venue.sites):
            await web.TCPSite(runner, "127.0.0.1", 0).start()
        venue.urls = [f"http://127.0.0.1:{address[1]}" for address in runner.addresses]
        return venue.urls[0]

    venue.url = asyncio.run_coroutine_threadsafe(start(), venue.loop).result(10)
    try:
        yield venue
    finally:
        venue.drop_sockets()
        asyncio.run_coroutine_threadsafe(runner.cleanup(), venue.loop).result(10)
        venue.loop.call_soon_threadsafe(venue.loop.stop)
        thread.join(5)
        venue.loop.close()
