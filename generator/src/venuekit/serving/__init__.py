"""What a server demands of requests: the contract in the words of the runtime's server side."""

from venuekit.serving.places import place_of
from venuekit.serving.shapes import Shaper

__all__ = ["Shaper", "place_of"]
