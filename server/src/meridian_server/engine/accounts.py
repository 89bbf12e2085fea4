"""Accounts: balances that reserve, release and settle exactly, and each account's own records."""

from __future__ import annotations

from dataclasses import dataclass, field

from meridian_server.engine.book import Order
from meridian_server.events import Execution


@dataclass(slots=True, eq=False)
class Account:
    """All amounts are integers in their currency's units; available is total less reserved."""

    account_id: str
    total: dict[str, int] = field(default_factory=dict)
    reserved: dict[str, int] = field(default_factory=dict)
    sequence: int = 0
    orders: dict[int, Order] = field(default_factory=dict)
    history: list[Order] = field(default_factory=list)
    open_orders: dict[int, Order] = field(default_factory=dict)
    orders_by_client_id: dict[str, Order] = field(default_factory=dict)
    executions: list[Execution] = field(default_factory=list)

    def available(self, currency: str) -> int:
        """What may still be reserved or spent."""
        return self.total.get(currency, 0) - self.reserved.get(currency, 0)

    def reserve(self, currency: str, amount: int) -> None:
        """Hold back an amount; the caller has checked that it is available."""
        self.reserved[currency] = self.reserved.get(currency, 0) + amount

    def release(self, currency: str, amount: int) -> None:
        """Give back what was held."""
        self.reserved[currency] -= amount

    def credit(self, currency: str, amount: int) -> None:
        """Add to (or with a negative amount take from) the total."""
        self.total[currency] = self.total.get(currency, 0) + amount
