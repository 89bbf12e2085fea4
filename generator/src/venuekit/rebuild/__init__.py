"""What `generate` keeps between runs, so that only what changed is made again.

Everything here is keyed by content: of the documents, of the options and of the generator itself.
A key that misses is no error; the work is then done as if there were no cache.
"""

from venuekit.rebuild.folder import CacheFolder, default_folder
from venuekit.rebuild.made import Made
from venuekit.rebuild.runs import DroppedError, Request, kept_run

__all__ = ["CacheFolder", "DroppedError", "Made", "Request", "default_folder", "kept_run"]
