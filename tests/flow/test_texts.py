"""What README and man page tell of a session, and of a scan that goes on."""

import re
import unittest

from fleet.installed import make, page, section
from fleet.place import INSTRUMENTED, ROOT


class Readme(unittest.TestCase):
    def test_what_it_resumes_is_what_it_began(self):
        lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        scans = [line for line in lines if line.startswith("    tlsfleet -t")]
        resumed = [line for line in scans if "-resume" in line]
        self.assertTrue(resumed)
        for line in resumed:
            self.assertIn(line.replace(" -resume", ""), scans)


@unittest.skipIf(INSTRUMENTED, "nothing of it is under the instrument")
class ManualOfASession(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        make("man")

    def test_it_has_every_command(self):
        text = section(page("tlsfleet.1"), "INTERACTIVE SESSION")
        room = ROOT / "src" / "interactive"
        letters = re.findall(r"case '(\w)':", (room / "input.c").read_text())
        names = re.findall(r'\{ "(\w+)", (?:NULL|"(\w+)"), INPUT_',
                           (room / "advanced.c").read_text())
        self.assertEqual(re.findall(r"^\.It Cm (\S+)", text, re.M), letters)
        self.assertEqual(set(re.findall(r"\{([\w:]+)\}", text)),
                         {":".join(filter(None, name)) for name in names})

    def test_its_examples_begin_with_a_session(self):
        text = section(page("tlsfleet.1"), "EXAMPLES")
        self.assertEqual(re.search(r"\$ (.*)", text)[1],
                         "tlsfleet www.example.com:443")
