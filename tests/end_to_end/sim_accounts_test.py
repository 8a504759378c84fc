"""coven-sim as id.twitch.tv and Helix: a strange client goes from a device code to users, over
HTTPS with the name of Twitch's server in the certificate."""

import http.client
import json
import socket
import ssl
import unittest
from urllib.parse import urlencode, urlsplit

from system import START_LIMIT, System, command_line, complete_lines, wait_until

PROGRAMS = None
CLIENT = "simpublic"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CHANNEL = "meadow"


class Twitch:
    """A connection to the simulator under the name of one of Twitch's servers."""

    def __init__(self, url, name, ca_file):
        self.path = urlsplit(url).path
        trust = ssl.create_default_context(cafile=ca_file)
        line = socket.create_connection(("127.0.0.1", urlsplit(url).port), START_LIMIT)
        self.line = http.client.HTTPSConnection(name, context=trust)
        self.line.sock = trust.wrap_socket(line, server_hostname=name)

    def ask(self, method, path, token=None, form=None):
        """Status, headers and JSON."""
        headers = {"Authorization": f"Bearer {token}", "Client-Id": CLIENT} if token else {}
        self.line.request(method, self.path + path, form and urlencode(form), headers)
        answer = self.line.getresponse()
        text = answer.read()
        return answer.status, answer.headers, json.loads(text) if text else None


class SimAccounts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.system = System(PROGRAMS)
        cls.request_log = cls.system.folder / "requests.jsonl"
        cls.sim = cls.system.sim(
            f"--certificates={cls.system.folder / 'certificates'}", "--channels", CHANNEL,
            "--rate=100", "--device_approval=never", f"--request_log={cls.request_log}")
        ready = cls.sim.ready
        cls.id = Twitch(ready["COVEN_ID_TLS_URL"], "id.twitch.tv", ready["COVEN_CA_FILE"])
        cls.helix = Twitch(ready["COVEN_HELIX_TLS_URL"], "api.twitch.tv", ready["COVEN_CA_FILE"])

    @classmethod
    def tearDownClass(cls):
        cls.system.__exit__(None, None, None)

    def token(self, form):
        return self.id.ask("POST", "/token", form=dict(form, client_id=CLIENT))

    def test_a_device_gets_tokens_once_a_person_approves(self):
        status, _, code = self.id.ask("POST", "/device",
                                      form={"client_id": CLIENT, "scopes": "chat:read"})
        self.assertEqual(status, 200)
        poll = {"grant_type": DEVICE_GRANT, "device_code": code["device_code"],
                "scopes": "chat:read"}
        self.assertEqual(self.token(poll)[::2],
                         (400, {"status": 400, "message": "authorization_pending"}))
        self.assertEqual(self.system.drive(self.sim, "status")["waiting_codes"],
                         [code["user_code"]])
        self.system.drive(self.sim, "approve", code["user_code"], "streamer")
        status, _, first = self.token(poll)
        self.assertEqual((status, first["scope"]), (200, ["chat:read"]))
        status, _, whose = self.id.ask("GET", "/validate", first["access_token"])
        self.assertEqual((status, whose["login"]), (200, "streamer"))
        refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        status, _, second = self.token(refresh)
        self.assertEqual(status, 200)
        self.assertEqual(self.token(refresh)[0], 400, "it is good once")
        self.assertEqual(self.helix.ask("GET", "/users", second["access_token"])[0], 200)
        secrets = (code["device_code"], first["access_token"], first["refresh_token"],
                   second["access_token"])
        log = self.request_log.read_text() + self.sim.log()
        self.assertIn("/oauth2/token", log)
        for secret in secrets:
            self.assertNotIn(secret, log)

    def test_helix_knows_those_who_chat_by_the_same_id(self):
        self.system.broker()
        self.system.tail("reader", f"twitch.chat.{CHANNEL}.message")
        self.system.chat(self.sim.ready["COVEN_CHAT_URL"], [CHANNEL])
        wait_until("a line of chat", lambda: complete_lines(self.system.said_log))
        tags = dict(tag.split("=", 1) for tag in
                    complete_lines(self.system.said_log)[0]["line"][1:].split(" ")[0].split(";"))
        token = self.system.drive(self.sim, "token", "coven_bot")["access_token"]
        _, _, found = self.helix.ask("GET", f"/users?id={tags['user-id']}&id={tags['room-id']}",
                                     token)
        users = {user["id"]: user for user in found["data"]}
        self.assertEqual(users[tags["room-id"]]["login"], CHANNEL)
        self.assertEqual(users[tags["user-id"]]["display_name"], tags["display-name"])

    def test_a_token_dies_in_the_middle(self):
        token = self.system.drive(self.sim, "token", "coven_bot")["access_token"]
        status, headers, _ = self.helix.ask("GET", f"/users?login={CHANNEL}", token)
        self.assertEqual((status, headers["Ratelimit-Limit"]), (200, "800"))
        self.system.drive(self.sim, "http-fail", "helix", "503", "1")
        self.assertEqual(self.helix.ask("GET", "/users", token)[0], 503)
        self.system.drive(self.sim, "expire", "coven_bot")
        self.assertEqual(self.helix.ask("GET", "/users", token)[::2],
                         (401, {"error": "Unauthorized", "status": 401,
                                "message": "Invalid OAuth token"}))


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main(verbosity=2)
