"""What stands before trading: currencies, instruments, accounts and deposits.
Each command may come again unchanged; a repeat with other content is refused."""

from __future__ import annotations

import msgspec

from meridian_server.commands import Deposit, ListCurrency, ListInstrument, OpenAccount
from meridian_server.engine.accounts import Account
from meridian_server.engine.instrument import build_instrument
from meridian_server.engine.state import Market, State
from meridian_server.events import (
    AccountOpened,
    CurrencyListed,
    Deposited,
    Event,
    InstrumentListed,
    Rejected,
    Unchanged,
)
from meridian_server.exact import decimal_to_units


def list_currency(state: State, command: ListCurrency) -> list[Event]:
    """Make a currency known."""
    known = state.currencies.get(command.currency)
    if known is not None:
        if known == command.scale:
            return [Unchanged()]
        return [Rejected("CONFLICT", f"{command.currency} is listed with scale {known}")]
    state.currencies[command.currency] = command.scale
    return [CurrencyListed(command.currency)]


def list_instrument(state: State, command: ListInstrument) -> list[Event]:
    """Open an instrument for trading."""
    market = state.markets.get(command.symbol)
    if market is not None:
        if _same(market.instrument.terms, command):
            return [Unchanged()]
        return [Rejected("CONFLICT", f"{command.symbol} is listed with other terms")]
    try:
        instrument = build_instrument(command, state.currencies)
    except ValueError as error:
        return [Rejected("CONFLICT", str(error))]
    state.markets[command.symbol] = Market(instrument)
    return [InstrumentListed(command.symbol)]


def open_account(state: State, command: OpenAccount) -> list[Event]:
    """Open an account."""
    if command.account_id in state.accounts:
        return [Unchanged()]
    state.accounts[command.account_id] = Account(command.account_id)
    return [AccountOpened(command.account_id)]


def deposit(state: State, command: Deposit) -> list[Event]:
    """Credit an account once for each deposit_id."""
    known = state.deposits.get(command.deposit_id)
    if known is not None:
        if _same(known, command):
            return [Unchanged()]
        return [Rejected("CONFLICT", f"deposit {command.deposit_id} was made otherwise")]
    account = state.accounts.get(command.account_id)
    scale = state.currencies.get(command.currency)
    if account is None or scale is None:
        found = f"{command.account_id} {command.currency}"
        return [Rejected("CONFLICT", f"no such account or currency: {found}")]
    amount = decimal_to_units(command.amount, scale) if command.amount > 0 else None
    if amount is None:
        return [Rejected("CONFLICT", f"{command.amount} is not an amount of {command.currency}")]
    account.credit(command.currency, amount)
    state.deposits[command.deposit_id] = command
    return [Deposited(command.account_id, command.currency, amount)]


def _same(known: msgspec.Struct, command: msgspec.Struct) -> bool:
    """Equal but for when and as what number they came."""
    return msgspec.structs.replace(known, sequence=0, timestamp_ms=0) == msgspec.structs.replace(
        command, sequence=0, timestamp_ms=0
    )
