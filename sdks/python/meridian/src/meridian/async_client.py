"""The async client: data and one call each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.async_client import BaseAsyncClient

from meridian import operations

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from venuekit_runtime.core import CallOptions

    from meridian import models


class AsyncClient(BaseAsyncClient):
    """Calls Meridian without blocking the event loop."""

    _default_base_url = "http://127.0.0.1:8700"
    _user_agent = "meridian-sdk/1.0.0"

    async def get_time(self, *, options: CallOptions | None = None) -> models.ServerTime:
        """Read the venue's clock.

        Returns the clock that judges the timestamps of signed requests. Measure your offset
        with it: half of the round trip lies between the answer and its arrival.

        Raises:
            MalformedRequestError, ValidationFailedError, RateLimitedError, InternalError,
            UnavailableError
        """
        return await self._call(operations.GET_TIME, {}, options)

    async def list_instruments(
        self,
        *,
        options: CallOptions | None = None,
    ) -> models.InstrumentList:
        """List the instruments.

        Returns every instrument that is open for trading, with the increments and limits that
        its orders must keep. Read it at start and once a day.

        Raises:
            MalformedRequestError, ValidationFailedError, RateLimitedError, InternalError,
            UnavailableError
        """
        return await self._call(operations.LIST_INSTRUMENTS, {}, options)

    async def get_book(
        self,
        symbol: models.Symbol,
        *,
        depth: int | None = None,
        options: CallOptions | None = None,
    ) -> models.Book:
        """Read the book of an instrument.

        Returns the best levels of both sides. To follow the book, subscribe to the channel
        `book.{symbol}` instead; its `sequence` counts the same changes as this one.

        Args:
            symbol: Name of the instrument.
            depth: Greatest number of levels on each side.

        Raises:
            MalformedRequestError, ValidationFailedError, UnknownInstrumentError,
            RateLimitedError, InternalError, UnavailableError
        """
        return await self._call(operations.GET_BOOK, {"symbol": symbol, "depth": depth}, options)

    async def list_trades(
        self,
        symbol: models.Symbol,
        *,
        limit: int | None = None,
        cursor: models.Cursor | None = None,
        options: CallOptions | None = None,
    ) -> models.TradePage:
        """List the trades of an instrument.

        Returns public trades, newest first. Pass `next_cursor` back to read older ones.

        Args:
            symbol: Name of the instrument.
            limit: Greatest number of entries on the page.
            cursor: Where to go on, from `next_cursor` of the page before.

        Raises:
            MalformedRequestError, ValidationFailedError, UnknownInstrumentError,
            RateLimitedError, InternalError, UnavailableError
        """
        return await self._call(
            operations.LIST_TRADES,
            {
                "symbol": symbol,
                "limit": limit,
                "cursor": cursor,
            },
            options,
        )

    def iter_list_trades(
        self,
        symbol: models.Symbol,
        *,
        limit: int | None = None,
        cursor: models.Cursor | None = None,
        max_items: int | None = None,
        options: CallOptions | None = None,
    ) -> AsyncIterator[models.Trade]:
        """Every item of `list_trades`, page by page; a page is asked for when it is needed."""
        return self._iterate(
            operations.LIST_TRADES,
            {
                "symbol": symbol,
                "limit": limit,
                "cursor": cursor,
            },
            max_items,
            options,
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
        options: CallOptions | None = None,
    ) -> models.Order:
        """Place an order.

        Places a limit or market order. The answer comes after the order is on disk.

        A repeat is safe: the same order under the same `client_order_id` returns the first
        order again, whatever became
        of it meanwhile. When no answer arrives, the outcome is unknown; look the order up with
        `getOrderByClientOrderId`
        or send the same order once more.

        An order that meets an order of the same account takes nothing from it: what is left of
        the new one is canceled.

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
            AuthMissingError, AuthInvalidError, AuthTimestampError, AuthReplayError,
            ForbiddenError, MalformedRequestError, ValidationFailedError,
            UnknownInstrumentError, DuplicateClientOrderIdError, InsufficientBalanceError,
            PriceIncrementError, QuantityIncrementError, QuantityRangeError,
            NotionalTooSmallError, PostOnlyWouldTakeError, NoLiquidityError,
            RateLimitedError, BodyTooLargeError, UnsupportedMediaTypeError, InternalError,
            UnavailableError
        """
        return await self._call(
            operations.PLACE_ORDER,
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
            options,
        )

    async def list_orders(
        self,
        *,
        symbol: models.Symbol | None = None,
        order_status: models.OrderStatus | str | None = None,
        cursor: models.Cursor | None = None,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> models.OrderPage:
        """List orders.

        Returns the account's orders, newest first, open and closed. Pass `next_cursor` back to
        read older ones.

        Args:
            symbol: Only this instrument.
            order_status: Only orders of this status.
            cursor: Where to go on, from `next_cursor` of the page before.
            limit: Greatest number of entries on the page.

        Raises:
            AuthMissingError, AuthInvalidError, AuthTimestampError, AuthReplayError,
            MalformedRequestError, ValidationFailedError, RateLimitedError, InternalError,
            UnavailableError
        """
        return await self._call(
            operations.LIST_ORDERS,
            {
                "symbol": symbol,
                "order_status": order_status,
                "cursor": cursor,
                "limit": limit,
            },
            options,
        )

    def iter_list_orders(
        self,
        *,
        symbol: models.Symbol | None = None,
        order_status: models.OrderStatus | str | None = None,
        cursor: models.Cursor | None = None,
        limit: int | None = None,
        max_items: int | None = None,
        options: CallOptions | None = None,
    ) -> AsyncIterator[models.Order]:
        """Every item of `list_orders`, page by page; a page is asked for when it is needed."""
        return self._iterate(
            operations.LIST_ORDERS,
            {
                "symbol": symbol,
                "order_status": order_status,
                "cursor": cursor,
                "limit": limit,
            },
            max_items,
            options,
        )

    async def get_order(
        self,
        order_id: models.OrderId,
        *,
        options: CallOptions | None = None,
    ) -> models.Order:
        """Read an order.

        Returns an order of the account, open or closed.

        Args:
            order_id: The venue's id of the order.

        Raises:
            AuthMissingError, AuthInvalidError, AuthTimestampError, AuthReplayError,
            MalformedRequestError, ValidationFailedError, UnknownOrderError,
            RateLimitedError, InternalError, UnavailableError
        """
        return await self._call(operations.GET_ORDER, {"order_id": order_id}, options)

    async def replace_order(
        self,
        order_id: models.OrderId,
        *,
        quantity: models.Quantity | None = None,
        price: models.Price | None = None,
        options: CallOptions | None = None,
    ) -> models.Order:
        """Replace an order.

        Gives an open order a new quantity, a new price, or both. The order keeps its ids.

        The quantity is that of the whole order, fills included, and must be more than is
        already filled. The order goes
        to the back of its level, unless only its quantity goes down. Repeating the same replace
        gives the same order.

        Args:
            order_id: The venue's id of the order.
            quantity: Quantity in the instrument's base currency. Unit:
                <instrument.base_currency>.
            price: Price of one unit of the base currency, in the instrument's quote
                currency. Unit: <instrument.quote_currency>.

        Raises:
            AuthMissingError, AuthInvalidError, AuthTimestampError, AuthReplayError,
            ForbiddenError, MalformedRequestError, ValidationFailedError, UnknownOrderError,
            OrderClosedError, InsufficientBalanceError, PriceIncrementError,
            QuantityIncrementError, QuantityRangeError, NotionalTooSmallError,
            PostOnlyWouldTakeError, RateLimitedError, BodyTooLargeError,
            UnsupportedMediaTypeError, InternalError, UnavailableError
        """
        return await self._call(
            operations.REPLACE_ORDER,
            {
                "order_id": order_id,
                "quantity": quantity,
                "price": price,
            },
            options,
        )

    async def cancel_order(
        self,
        order_id: models.OrderId,
        *,
        options: CallOptions | None = None,
    ) -> models.Order:
        """Cancel an order.

        Takes what is left of an order out of the book and frees its reserve. A repeat is safe
        and is refused with `ORDER_CLOSED`.

        Args:
            order_id: The venue's id of the order.

        Raises:
            AuthMissingError, AuthInvalidError, AuthTimestampError, AuthReplayError,
            ForbiddenError, MalformedRequestError, ValidationFailedError, UnknownOrderError,
            OrderClosedError, RateLimitedError, InternalError, UnavailableError
        """
        return await self._call(operations.CANCEL_ORDER, {"order_id": order_id}, options)

    async def get_order_by_client_order_id(
        self,
        client_order_id: models.ClientOrderId,
        *,
        options: CallOptions | None = None,
    ) -> models.Order:
        """Read an order by its client order id.

        Returns the order that stands under the client's own id. This is how an unknown outcome
        is resolved: when the answer is `UNKNOWN_ORDER` and nothing is in flight any more, the
        order was never accepted.

        Args:
            client_order_id: The client's own id of the order.

        Raises:
            AuthMissingError, AuthInvalidError, AuthTimestampError, AuthReplayError,
            MalformedRequestError, ValidationFailedError, UnknownOrderError,
            RateLimitedError, InternalError, UnavailableError
        """
        return await self._call(
            operations.GET_ORDER_BY_CLIENT_ORDER_ID,
            {
                "client_order_id": client_order_id,
            },
            options,
        )

    async def list_executions(
        self,
        *,
        symbol: models.Symbol | None = None,
        order_id: models.OrderId | None = None,
        cursor: models.Cursor | None = None,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> models.ExecutionPage:
        """List executions.

        Returns the account's executions, oldest first. Their `sequence` grows by one with each
        execution, as on the channel `executions`, so that a gap in the stream can be filled
        from here.

        Args:
            symbol: Only this instrument.
            order_id: Only executions of this order.
            cursor: Where to go on, from `next_cursor` of the page before.
            limit: Greatest number of entries on the page.

        Raises:
            AuthMissingError, AuthInvalidError, AuthTimestampError, AuthReplayError,
            MalformedRequestError, ValidationFailedError, RateLimitedError, InternalError,
            UnavailableError
        """
        return await self._call(
            operations.LIST_EXECUTIONS,
            {
                "symbol": symbol,
                "order_id": order_id,
                "cursor": cursor,
                "limit": limit,
            },
            options,
        )

    def iter_list_executions(
        self,
        *,
        symbol: models.Symbol | None = None,
        order_id: models.OrderId | None = None,
        cursor: models.Cursor | None = None,
        limit: int | None = None,
        max_items: int | None = None,
        options: CallOptions | None = None,
    ) -> AsyncIterator[models.Execution]:
        """Every item of `list_executions`, page by page; a page is asked for when it is needed."""
        return self._iterate(
            operations.LIST_EXECUTIONS,
            {
                "symbol": symbol,
                "order_id": order_id,
                "cursor": cursor,
                "limit": limit,
            },
            max_items,
            options,
        )

    async def list_balances(self, *, options: CallOptions | None = None) -> models.BalanceList:
        """List balances.

        Returns what the account holds of each currency, free and reserved by open orders.

        Raises:
            AuthMissingError, AuthInvalidError, AuthTimestampError, AuthReplayError,
            MalformedRequestError, ValidationFailedError, RateLimitedError, InternalError,
            UnavailableError
        """
        return await self._call(operations.LIST_BALANCES, {}, options)
