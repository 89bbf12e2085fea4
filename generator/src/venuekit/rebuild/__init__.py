"""What `generate` keeps between runs, so that only what changed is made again.

Everything here is keyed by content: of the documents, of the options and of the generator itself.
A key that misses is no error; the work is then done as if there were no cache.
"""

from venuekit.rebuild.folder import CacheFolder, default_folder
from venuekit.rebuild.made import Made, MadeTarget, made_target
from venuekit.rebuild.runs import Request, keep_run, kept_run, loaded_inputs

__all__ = [
    "CacheFolder",
    "Made",
    "MadeTarget",
    "Request",
    "default_folder",
    "keep_run",
    "kept_run",
    "loaded_inputs",
    "made_target",
]
