"""The entry for a WSGI server: `waitress-serve portal.wsgi:app`. Real dates, real applications.

Read from the environment: MOBILITY_SECRET_KEY (needed), MOBILITY_DATA (default: instance/ in the checkout),
MOBILITY_SMTP and MOBILITY_MAIL_FROM (without them mail waits in the outbox), MOBILITY_OIDC_ISSUER,
MOBILITY_OIDC_CLIENT_ID, MOBILITY_OIDC_CLIENT_SECRET and MOBILITY_OIDC_NAME (the university's own sign-in).
"""

import os
from pathlib import Path

from mobility.paths import CHECKOUT, Instance
from portal import create_app, mail_thread
from portal.settings import Settings, mail_server, own_key, real_clock, sign_in

settings = Settings(
    checkout=CHECKOUT,
    instance=Instance(Path(os.environ.get("MOBILITY_DATA") or CHECKOUT.root / "instance")),
    secret_key=own_key(os.environ.get("MOBILITY_SECRET_KEY")),
    clock=real_clock,
    mail=mail_server(os.environ),
    sign_in=sign_in(os.environ),
)
app = create_app(settings)
mail_thread.start(settings)
