"""The entry for a WSGI server: `waitress-serve portal.wsgi:app`. Real dates, real applications.

Read from the environment: MOBILITY_SECRET_KEY (needed), MOBILITY_DATA (default: instance/ in the checkout).
"""

import os
from pathlib import Path

from mobility.places import CHECKOUT, Instance
from portal import create_app
from portal.settings import Settings, own_key, real_clock

app = create_app(
    Settings(
        places=CHECKOUT,
        instance=Instance(Path(os.environ.get("MOBILITY_DATA") or CHECKOUT.root / "instance")),
        secret_key=own_key(os.environ.get("MOBILITY_SECRET_KEY")),
        clock=real_clock,
    )
)
