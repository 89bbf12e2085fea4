"""The stream client: requests and channels over one WebSocket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.stream.client import BaseStreamClient

from meridian import stream_operations

if TYPE_CHECKING:
    from venuekit_runtime.stream.subscription import LiveBook, Subscription

    from meridian import models


class StreamClient(BaseStreamClient):
    """Trades with and listens to Meridian over one socket that comes back by itself."""

    _default_base_url = "ws://127.0.0.1:8700"
    _protocol = stream_operations.PROTOCOL
    _operations = (
        stream_operations.LOG_ON,
        stream_operations.SUBSCRIBE,
        stream_operations.UNSUBSCRIBE,
        stream_operations.PLACE_ORDER,
        stream_operations.REPLACE_ORDER,
        stream_operations.CANCEL_ORDER,
    )
    _channels = (
        stream_operations.BOOK_UPDATES,
        stream_operations.TRADE_UPDATES,
        stream_operations.ORDER_UPDATES,
        stream_operations.EXECUTION_UPDATES,
        stream_operations.HEARTBEATS,
    )

    async def place_order(
        self,
        *,
        client_order_id: models.ClientOrderId,
        symbol: models.Symbol,
        side: models.Side | str,
        order_type: models.OrderType | str,
        quantity: models.Quantity,
        price: models.Price | None = None,
        time_in_force: models.PlaceOrderTimeInForce | str | None = None,
        post_only: bool | None = None,
        timeout_s: float | None = None,
    ) -> models.Order:
        """Place an order.

        The same operation as `placeOrder` over REST, on the open socket. A repeat under the
        same `client_order_id` is safe.

        Args:
            client_order_id: The client's own id of an order, unique for the account.
                Placing the same order again under the same id gives the first order back, so a
                repeat is safe; another order under that id is refused with
                `DUPLICATE_CLIENT_ORDER_ID`.
            symbol: Name of an instrument, base currency first.
            side: Side of the book.
            order_type: A limit order carries a price, a market order takes what the book
                offers.
            quantity: Quantity in the instrument's base currency. Unit:
                <instrument.base_currency>.
            price: Price of one unit of the base currency, in the instrument's quote
                currency. Unit: <instrument.quote_currency>.
            time_in_force: How long the order stands.
            post_only: Refuse the order with `POST_ONLY_WOULD_TAKE` rather than let it take
                liquidity.

        Raises:
            AuthMissingError, ForbiddenError, MalformedRequestError, ValidationFailedError,
            UnknownInstrumentError, DuplicateClientOrderIdError, InsufficientBalanceError,
            PriceIncrementError, QuantityIncrementError, QuantityRangeError,
            NotionalTooSmallError, PostOnlyWouldTakeError, NoLiquidityError,
            RateLimitedError, InternalError, UnavailableError
        """
        return await self._ask(
            stream_operations.PLACE_ORDER,
            {
                "client_order_id": client_order_id,
                "symbol": symbol,
                "side": side,
                "order_type": order_type,
                "quantity": quantity,
                "price": price,
                "time_in_force": time_in_force,
                "post_only": post_only,
            },
            timeout_s,
        )

    async def replace_order(
        self,
        *,
        order_id: models.OrderId,
        quantity: models.Quantity | None = None,
        price: models.Price | None = None,
        timeout_s: float | None = None,
    ) -> models.Order:
        """Replace an order.

        The same operation as `replaceOrder` over REST, on the open socket.

        Args:
            order_id: The venue's own id of an order. It survives a replace.
            quantity: Quantity in the instrument's base currency. Unit:
                <instrument.base_currency>.
            price: Price of one unit of the base currency, in the instrument's quote
                currency. Unit: <instrument.quote_currency>.

        Raises:
            AuthMissingError, ForbiddenError, MalformedRequestError, ValidationFailedError,
            UnknownOrderError, OrderClosedError, InsufficientBalanceError,
            PriceIncrementError, QuantityIncrementError, QuantityRangeError,
            NotionalTooSmallError, PostOnlyWouldTakeError, RateLimitedError, InternalError,
            UnavailableError
        """
        return await self._ask(
            stream_operations.REPLACE_ORDER,
            {
                "order_id": order_id,
                "quantity": quantity,
                "price": price,
            },
            timeout_s,
        )

    async def cancel_order(
        self,
        *,
        order_id: models.OrderId,
        timeout_s: float | None = None,
    ) -> models.Order:
        """Cancel an order.

        The same operation as `cancelOrder` over REST, on the open socket.

        Args:
            order_id: The venue's own id of an order. It survives a replace.

        Raises:
            AuthMissingError, ForbiddenError, MalformedRequestError, ValidationFailedError,
            UnknownOrderError, OrderClosedError, RateLimitedError, InternalError,
            UnavailableError
        """
        return await self._ask(stream_operations.CANCEL_ORDER, {"order_id": order_id}, timeout_s)

    def book_updates(
        self,
        symbol: str,
    ) -> Subscription[models.BookSnapshotFrame | models.BookDeltaFrame]:
        """Follow the book of an instrument.

        A snapshot first, then deltas. Subscribe to `book.{symbol}`.

        Args:
            symbol: Name of the instrument.
        """
        return self._subscribe(stream_operations.BOOK_UPDATES, {"symbol": symbol})

    def follow_book(self, symbol: str) -> LiveBook:
        """Keep a book up to date: await its updates, read its sides."""
        return self._follow(stream_operations.BOOK_UPDATES, {"symbol": symbol})

    def trade_updates(self, symbol: str) -> Subscription[models.Trade]:
        """Follow the trades of an instrument.

        One frame for each trade. Subscribe to `trades.{symbol}`.

        Args:
            symbol: Name of the instrument.
        """
        return self._subscribe(stream_operations.TRADE_UPDATES, {"symbol": symbol})

    def order_updates(self) -> Subscription[models.Order]:
        """Follow the account's orders.

        One frame for each change of an order. Log on, then subscribe to `orders`.
        """
        return self._subscribe(stream_operations.ORDER_UPDATES, {})

    def execution_updates(self) -> Subscription[models.Execution]:
        """Follow the account's executions.

        One frame for each execution. Log on, then subscribe to `executions`.
        """
        return self._subscribe(stream_operations.EXECUTION_UPDATES, {})

    def heartbeats(self) -> Subscription[models.TimestampMs]:
        """See that the stream is alive.

        Every 5 seconds the server sends a heartbeat. When none comes for 10 seconds the socket
        is dead; reconnect.
        """
        return self._subscribe(stream_operations.HEARTBEATS, {})
