"""What README, man page and examples say: it works, and agrees with the program."""

import pathlib
import re
import shlex
import subprocess
import unittest

from fleet import program
from fleet.case import FlowCase
from fleet.installed import make, page, section
from fleet.place import INSTRUMENTED, ROOT, SLOW


class Examples(FlowCase):
    """Every command that is shown, connecting to nothing."""

    def obey(self, line, where):
        words = program.command(("-dry_run",))
        words[-2] = pathlib.Path(words[-2]).resolve()
        alone = shlex.join(map(str, words))
        done = subprocess.run(
            ["sh", "-c", f'tlsfleet() {{ {alone} "$@"; }}\n'
             "dig() { echo 10 mx.example.com.; }\njq() { cat; }\n" + line],
            cwd=where, env=program.environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60 * SLOW)
        self.assertEqual((done.returncode, done.stderr), (0, ""), line)

    def obey_all(self, lines, where):
        self.assertTrue(lines)
        for line in lines:
            with self.subTest(line):
                self.obey(line, where)

    def write_files(self):
        self.file("fleet.yaml", "profiles:\n"
                                "  legacy: { max_protocol: TLSv1.1,"
                                " cipher: 'ALL:@SECLEVEL=0' }\n"
                                "targets: [ www.example.com ]\n")
        self.file("hosts.txt", "www.example.com\n")
        self.file("yesterday.csv", "")

    def test_of_the_lists(self):
        for path in (ROOT / "targets").iterdir():
            lines = re.findall(r"^#   (.*tlsfleet .*)", path.read_text(), re.M)
            if path.name != "demo.yaml":
                self.obey_all(lines, ROOT)

    def test_of_the_readme(self):
        self.write_files()
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        self.obey_all(re.findall(r"^    ((?:printf .*)?tlsfleet .*)", text, re.M),
                      self.folder)

    def test_of_the_man_page(self):
        self.write_files()
        text = (ROOT / "man" / "tlsfleet.1.in").read_text(encoding="utf-8")
        shown = section(text, "EXAMPLES").replace("\\e", "\\")
        self.obey_all(re.findall(r"^(?:\.Dl )?\$ ((?:.*[|\\]\n)*.*)", shown, re.M),
                      self.folder)

    def test_what_the_readme_resumes_is_what_it_began(self):
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
