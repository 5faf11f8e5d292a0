"""One service as this process: imported, built, served.

It imports nothing heavy itself, because what it does before the service is imported is the point.
"""

import gc
from importlib import import_module


def start(app: str) -> None:
    """Serve what ``build()`` of the module ``app`` makes.

    Importing makes hundreds of thousands of objects that all stay, so looking for garbage among them again and again
    is a tenth of the time that a start takes. They are set aside afterwards, and no later collection looks at them.
    """
    gc.disable()
    service = import_module(app).build()
    gc.freeze()
    gc.enable()
    service.main()
