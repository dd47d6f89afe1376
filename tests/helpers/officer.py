"""An HTTP client that does what an officer does at the desk."""

import re
from typing import Any

import requests

from mobility.office import staff, staff_sessions
from mobility.office.staff import Member, Role
from tests.helpers.portal_server import Portal


class Officer:
    """A browser session without JavaScript, at the desk of a portal."""

    def __init__(self, portal: Portal, http: requests.Session | None = None):
        self.portal, self.http = portal, http or requests.Session()

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.http.get(self.portal.address + path, timeout=30, **more)

    def post(
        self, path: str, data: dict[str, Any] | None = None, at: str = "/office/sign-in"
    ) -> requests.Response:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(at).text)
        assert token
        return self.http.post(
            self.portal.address + path, data={"csrf_token": token[1], **(data or {})}, timeout=60
        )


def signed_in(
    portal: Portal, name: str = "Invented Officer", role: Role = "officer"
) -> tuple[Officer, Member]:
    """A member of the staff with a session begun on the server, as a passkey would begin it."""
    kept, now = portal.settings.kept, portal.now
    member = staff.add(kept, name, f"{name.split()[0].lower()}-{role}@example.kz", role, now)
    session = {"staff": staff_sessions.begin(kept, member.id, now), "staff-seen": now.isoformat()}
    officer = Officer(portal)
    signer = portal.app.session_interface.get_signing_serializer(portal.app)  # type: ignore[attr-defined]
    cookie = portal.app.config["SESSION_COOKIE_NAME"]
    officer.http.cookies.set(cookie, signer.dumps(session), domain="127.0.0.1", path="/")
    return officer, member
