"""HTTP: one sans-I/O core, a blocking and an asyncio transport over it, httpx as fallback."""
