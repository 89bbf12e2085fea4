"""A venue that gives a nonce for each request, and takes each nonce once."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json

from aiohttp import web
from session_venue import KEY, SECRET, Handler, Venue


class NonceVenue(Venue):
    """Counts how many nonces were asked for at the same moment, so that a test sees them race."""

    def __init__(self) -> None:
        super().__init__()
        # From beyond what a float holds: a client keeps the digits.
        self.numbers = itertools.count(2**53 + 1)
        self.asking = 0
        self.most_asking = 0
        self.spent: list[str] = []

    async def nonce(self, request: web.Request) -> web.Response:
        self.calls["open"] += 1
        self.asking += 1
        self.most_asking = max(self.most_asking, self.asking)
        await asyncio.sleep(0.02)
        self.asking -= 1
        nonce = next(self.numbers)
        self.sessions[str(nonce)] = 0.0
        return web.json_response({"nonce": nonce})

    async def signed(self, request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        nonce, stamp = request.headers.get("X-NONCE", ""), request.headers.get("X-TIMESTAMP", "")
        text = f"{stamp}{nonce}{request.method}{request.raw_path}{body}"
        wanted = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        is_signed = hmac.compare_digest(wanted, request.headers.get("X-SIGNATURE", ""))
        if not is_signed or request.headers.get("X-KEY") != KEY:
            self.calls["unsigned"] += 1
            return web.json_response({"code": "BAD_SIGNATURE", "message": "no"}, status=401)
        if self.sessions.pop(nonce, None) is None:
            self.calls["refused"] += 1
            return web.json_response({"code": "NONCE_GONE", "message": "no"}, status=400)
        self.spent.append(nonce)
        if self.refusals["after"]:
            self.refusals["after"] -= 1
            return web.json_response({"code": "BUSY", "message": "busy"}, status=503)
        if body:
            self.orders.append(json.loads(body)["client_order_id"])
        return web.json_response({"name": nonce})

    async def told(self, request: web.Request) -> web.Response:
        match request.match_info["word"]:
            case "spent":
                return web.json_response({"spent": self.spent, "most": self.most_asking})
            case "forget":
                self.refusals["forget"] = 1
            case "nononce":
                self.refusals["nonce"] = -1
            case "after":
                self.refusals["after"] = 1
        return await super().told(request)

    async def forgetful(self, request: web.Request) -> web.Response:
        """Forget every nonce before the next request is looked at, where a test says so."""
        if self.refusals["forget"]:
            self.refusals["forget"] -= 1
            self.revoke()
        return await self.signed(request)

    def application(self) -> web.Application:
        app = super().application()
        routes: list[tuple[str, str, str, Handler]] = [
            ("GET", "/nonce", "nonce", self.nonce),
            ("GET", "/signed/account", "signed", self.forgetful),
            ("POST", "/signed/orders", "signed", self.forgetful),
        ]
        for method, path, name, handler in routes:
            app.router.add_route(method, path, self.guarded(name, handler))
        return app
