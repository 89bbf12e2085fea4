"""The server side of a contract: bytes in, a typed call, bytes out; and one way to serve it."""
