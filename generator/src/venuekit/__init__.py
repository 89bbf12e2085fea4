"""venuekit, the contract toolchain for trading APIs."""
