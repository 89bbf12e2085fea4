"""venuekit, the contract toolchain for trading APIs."""

__version__ = "0.1.0"
