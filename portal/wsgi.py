"""The entry for a WSGI server: `waitress-serve portal.wsgi:app`. Real dates, real applications.

Read from the environment: MOBILITY_SECRET_KEY (needed), MOBILITY_OLD_SECRET_KEYS (earlier ones, whose cookies
are taken still), MOBILITY_DATA (default: instance/ in the checkout), MOBILITY_SMTP and MOBILITY_MAIL_FROM
(without them mail waits in the outbox), MOBILITY_INDEX (where this host keeps its index), MOBILITY_REDIS
(where limits are counted), MOBILITY_LOG (json or text), MOBILITY_CLAMD (a virus scanner),
MOBILITY_OIDC_ISSUER, MOBILITY_OIDC_CLIENT_ID, MOBILITY_OIDC_CLIENT_SECRET, MOBILITY_OIDC_NAME (the own
sign-in of the university). The own address of the portal is settings.address in partners.yaml.
"""

import os
from pathlib import Path

from mobility.applications import data_format
from mobility.office import last_good
from mobility.paths import CHECKOUT, instance_of
from portal import create_app, logs
from portal.settings import (
    Settings,
    clamd,
    json_logs,
    mail_server,
    old_keys,
    own_address,
    own_hosts,
    own_key,
    real_clock,
    redis_address,
    sign_in,
)

_key = own_key(os.environ.get("MOBILITY_SECRET_KEY"))
_instance = instance_of(Path(os.environ.get("MOBILITY_DATA") or CHECKOUT.root / "instance"), os.environ)
_book, _ = last_good.rules(CHECKOUT, _instance)  # what is wrong, the log says once the app reads it, too
_address = own_address(_book)
settings = Settings(
    checkout=CHECKOUT,
    instance=_instance,
    secret_key=_key,
    address=_address,
    hosts=own_hosts(_book, _address),
    clock=real_clock,
    old_keys=old_keys(os.environ),
    json_logs=json_logs(os.environ),
    mail=mail_server(os.environ),
    sign_in=sign_in(os.environ),
    redis=redis_address(os.environ),
    scanner=clamd(os.environ),
)
if settings.json_logs:
    logs.configure(as_json=True)
data_format.bring_up(settings.kept)
app = create_app(settings)
app.extensions["background"].start()
