"""Man pages, completions, make install, the package: whole, and in step with the
tables of the program."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from fleet import program, servers
from fleet.installed import (OUT, Terminal, files_below, generated, make, page,
                             section)
from fleet.place import BUILD, INSTRUMENTED, ROOT, certificates

TEXTS = sorted((ROOT / "man" / "options").glob("*.txt"))


def has(tool):
    return shutil.which(tool) is not None


def words_of_help():
    return re.findall(r"^  -(\S+)", program.run("-help", "all").out, re.M)


def rows(path, macro):
    """Second column of the X-macro's rows: the names."""
    text = (ROOT / path).read_text()
    body = re.search(rf"#define {macro}\(X\)(.*?)\n\n", text, re.S).group(1)
    return re.findall(r'X\(\w+, "(\w+)"', body)


def all_fields():
    run = program.run("-targets", "-", "-report", "csv", "-fields", "all",
                      stdin="a:b:c\n")
    return run.out.splitlines()[0].split(",")


class InstalledCase(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        if INSTRUMENTED:
            raise unittest.SkipTest("nothing of it is under the instrument")
        make("man")

    def folder(self):
        (BUILD / "flow").mkdir(parents=True, exist_ok=True)
        folder = pathlib.Path(tempfile.mkdtemp(dir=BUILD / "flow"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder


class Manual(InstalledCase):
    def names(self, title, macro):
        return re.findall(rf"^\.It {macro} (\S+)",
                          section(page("tlsfleet.1"), title), re.M)

    def test_it_has_the_usual_sections(self):
        self.assertEqual(
            re.findall(r"^\.Sh (.*)", page("tlsfleet.1"), re.M),
            ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "TARGETS",
             "INTERACTIVE SESSION", "REPORTS", "RECORDS", "RECORD FIELDS",
             "EXPECTATIONS", "ENVIRONMENT", "FILES", "EXIT STATUS", "SIGNALS",
             "EXAMPLES", "DIFFERENCES FROM S_CLIENT", "SECURITY", "SEE ALSO"])

    def test_it_has_every_option_and_no_other(self):
        self.assertEqual(self.names("OPTIONS", "Fl"), words_of_help())

    def test_it_has_every_field_and_no_other(self):
        text = section(page("tlsfleet.1"), "RECORD FIELDS")
        fields, certificate = text.split(".Ss ")
        self.assertEqual(re.findall(r"^\.It Va (\S+)", fields, re.M),
                         all_fields())
        self.assertEqual(
            re.findall(r"^\.It Va (\S+)", certificate, re.M),
            re.findall(r"^CERT\((\w+)",
                       (ROOT / "include" / "cert.def").read_text(), re.M))

    def test_it_has_every_status_stage_and_code_and_no_other(self):
        names = self.names("RECORDS", "Cm")
        self.assertEqual(names, rows("include/base/err.h", "STATUSES")
                         + rows("include/base/err.h", "ERR_CODES"))
        stages = re.search(r"one of\n(.*?)\.Pp",
                           section(page("tlsfleet.1"), "RECORDS")
                           .split("The stage")[1], re.S).group(1)
        self.assertEqual(re.findall(r"^\.Cm (\w+)", stages, re.M),
                         rows("include/base/err.h", "STAGES"))

    def test_it_describes_every_report(self):
        text = section(page("tlsfleet.1"), "REPORTS")
        known = re.findall(r"^\.Cm (\w+)", text, re.M)
        self.assertIn("csv", known)
        self.assertLessEqual(set(known), set(self.names("REPORTS", "Cm")))

    def test_it_has_every_exit_status(self):
        self.assertEqual(re.findall(r"^\.It (\d)",
                                    section(page("tlsfleet.1"), "EXIT STATUS"),
                                    re.M), ["0", "1", "2", "3"])

    def test_it_says_which_options_cannot_be_used(self):
        text = section(page("tlsfleet.1"), "OPTIONS")
        for row in re.findall(r'^OPT\(\w+, "([^"]+)".*?\n.*?(\w+),\n',
                              (ROOT / "include/options.def").read_text(), re.M):
            entry = re.search(rf"^\.It Fl {row[0]}\b(?![-\w]).*?(?=^\.It|^\.El)",
                              text, re.M | re.S).group(0)
            with self.subTest(option=row[0]):
                self.assertEqual("Always refused" in entry, row[1] == "refused")

    def test_the_page_of_lists_has_every_scheme(self):
        text = (ROOT / "src" / "targets" / "address.c").read_text()
        schemes = [(name, port or "", protocol or "") for name, port, protocol in
                   re.findall(r'^    \{ "([\w-]+)", (?:"(\d+)"|NULL), '
                              r'(?:"([\w-]+)"|NULL) \}', text, re.M)]
        told = [tuple(part.replace(r"\(en", "") for part in line.split(" Ta "))
                for line in re.findall(r"^\.It (?!Em )(.*)",
                                       section(page("tlsfleet-targets.5"),
                                               "ADDRESSES"), re.M)]
        self.assertEqual(told, schemes)

    @unittest.skipUnless(has("mandoc"), "mandoc is not installed")
    def test_mandoc_has_nothing_to_say_above_matters_of_style(self):
        for name in ("tlsfleet.1", "tlsfleet-targets.5"):
            done = subprocess.run(
                ["mandoc", "-T", "lint", "-W", "warning", OUT / "man" / name],
                capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (0, ""), name)


class ForgottenTexts(InstalledCase):
    """The pages are not made when texts and table are not the same set."""

    def assertRefused(self, change, *sentences):
        """change(name, text) gives other texts."""
        folder = self.folder()
        for path in TEXTS:
            (folder / path.name).write_text(change(path.name, path.read_text()))
        made = generated(ROOT / "man" / "tlsfleet.1.in",
                         texts=sorted(folder.glob("*.txt")))
        self.assertNotEqual(made.returncode, 0)
        for sentence in sentences:
            self.assertIn(sentence, made.stderr)

    def replace(self, old, new):
        def change(_, text):
            return re.sub(old, new, text, flags=re.M | re.S)
        return change

    def test_the_texts_of_the_tree_are_whole(self):
        made = generated(ROOT / "man" / "tlsfleet.1.in", texts=TEXTS)
        self.assertEqual((made.returncode, made.stderr), (0, ""))

    def test_an_option_without_a_text(self):
        self.assertRefused(self.replace(r"^-alpn\n.*?(?=^-)", ""),
                           "hello.txt: no text for -alpn")

    def test_an_option_with_an_empty_text(self):
        self.assertRefused(self.replace(r"^-alpn\n.*?(?=^-)", "-alpn\n\n"),
                           "the text of -alpn is empty")

    def test_a_text_without_an_option(self):
        self.assertRefused(self.replace(r"^-alpn$", "-alpm"),
                           "there is no option -alpm", "no text for -alpn")

    def test_a_text_in_the_file_of_another_topic(self):
        def change(name, text):
            return text + ("-alpn\n    Again.\n" if name == "wire.txt" else "")
        self.assertRefused(change, "-alpn belongs to hello", "two texts")

    def test_a_text_that_speaks_of_what_does_not_exist(self):
        self.assertRefused(self.replace(r"See -max_protocol|-max_protocol",
                                        "-maximum_protocol"),
                           "-maximum_protocol, which is no option")


class BashCompletion(InstalledCase):
    def setUp(self):
        self.place = self.folder()
        for name in ("root.pem", "my file.pem"):
            (self.place / name).touch()
        (self.place / "anchors").mkdir()
        self.terminal = Terminal(self.place, OUT / "completion" / "tlsfleet.bash")
        self.addCleanup(self.terminal.close)

    def assertCompletes(self, typed, *words):
        self.assertEqual(self.terminal.words("tlsfleet " + typed,
                                             Terminal.TAB)[1:], list(words))

    def assertOffers(self, typed, words):
        found = self.terminal.words("tlsfleet " + typed)[1:]
        self.assertEqual(sorted(found), sorted(words))

    def test_every_option_with_one_dash_or_two(self):
        names = words_of_help()
        self.assertOffers("-", ["-" + name for name in names])
        self.assertOffers("--", ["--" + name for name in names])
        self.assertCompletes("www.example.com -starttl", "www.example.com",
                             "-starttls")

    def test_choices(self):
        self.assertOffers("-starttls xmpp", ["-starttls", "xmpp", "xmpp-server"])
        self.assertCompletes("--progress=no", "--progress=none")
        self.assertCompletes("-min_protocol TLSv1.3", "-min_protocol", "TLSv1.3")
        self.assertOffers("-maxfraglen ", ["-maxfraglen", "512", "1024", "2048",
                                           "4096"])

    def test_topics_of_help(self):
        self.assertCompletes("-help netw", "-help", "network")
        self.assertCompletes("-h al", "-h", "all")

    def test_reports_and_their_files(self):
        self.assertCompletes("-report js", "-report", "jsonl")
        self.assertCompletes("-report csv=roo", "-report", "csv=root.pem")
        self.assertCompletes("-report=csv=roo", "-report=csv=root.pem")

    def test_fields_in_a_list(self):
        self.assertCompletes("-fields host,days", "-fields", "host,days_left")
        self.assertCompletes("-fields -sha", "-fields", "-sha256")
        self.assertOffers("-fields ", ["-fields", "all", "default", *all_fields()])
        self.assertCompletes("-expect days", "-expect", "days_left")
        self.assertCompletes("-fail_on failed,nam", "-fail_on", "failed,name")

    def test_files_and_directories(self):
        self.assertCompletes("-CAfile roo", "-CAfile", "root.pem")
        self.assertCompletes("-CAfile my", "-CAfile", "my file.pem")
        self.assertCompletes("-CApath a", "-CApath", "anchors/")
        self.assertCompletes("-CApath roo", "-CApath", "roo")

    def test_sources_of_secrets(self):
        self.assertOffers("-pass ", ["-pass", "pass:", "env:", "file:", "fd:",
                                     "stdin"])
        self.assertCompletes("-pass env:INPUT", "-pass", "env:INPUTRC")
        self.assertCompletes("-pass file:roo", "-pass", "file:root.pem")

    def test_what_cannot_be_known_is_left_alone(self):
        self.assertCompletes("-workers roo", "-workers", "roo")


class OtherCompletions(InstalledCase):
    def assertNamesAll(self, text, spell):
        for name in words_of_help():
            self.assertIn(spell(name), text)

    def test_zsh_knows_every_option(self):
        text = (OUT / "completion" / "tlsfleet.zsh").read_text()
        self.assertTrue(text.startswith("#compdef tlsfleet\n"))
        self.assertNamesAll(text, lambda name: f"{{-{name},--{name}}}")

    def test_fish_knows_every_option(self):
        text = (OUT / "completion" / "tlsfleet.fish").read_text()
        self.assertNamesAll(text, lambda name: f" {name} -l {name} -d ")

    @unittest.skipUnless(has("zsh"), "zsh is not installed")
    def test_zsh_reads_it(self):
        done = subprocess.run(["zsh", "-n", OUT / "completion/tlsfleet.zsh"],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(has("fish"), "fish is not installed")
    def test_fish_reads_it_and_completes(self):
        script = OUT / "completion" / "tlsfleet.fish"
        done = subprocess.run(["fish", "-n", script], capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        done = subprocess.run(
            ["fish", "--no-config", "-c",
             f"source {script}; complete -C 'tlsfleet -starttls xm'"],
            capture_output=True, text=True)
        self.assertEqual([line.split("\t")[0]
                          for line in done.stdout.splitlines()],
                         ["xmpp", "xmpp-server"])


class Installation(InstalledCase):
    FILES = [
        "bin/tlsfleet",
        "share/bash-completion/completions/tlsfleet",
        "share/doc/tlsfleet/LICENSE",
        "share/doc/tlsfleet/README.md",
        "share/doc/tlsfleet/examples/crontab.example",
        "share/doc/tlsfleet/examples/mail.yaml",
        "share/doc/tlsfleet/examples/mixed.txt",
        "share/doc/tlsfleet/examples/tlsfleet.service",
        "share/doc/tlsfleet/examples/tlsfleet.timer",
        "share/doc/tlsfleet/examples/web.yaml",
        "share/fish/vendor_completions.d/tlsfleet.fish",
        "share/man/man1/tlsfleet.1",
        "share/man/man5/tlsfleet-targets.5",
        "share/zsh/site-functions/_tlsfleet",
    ]

    def setUp(self):
        self.prefix = self.folder() / "prefix with blank"

    def install(self):
        make("install", prefix=self.prefix)
        return self.prefix / "share/doc/tlsfleet/examples"

    def test_it_goes_below_destdir_and_prefix_and_away_again(self):
        stage = self.folder()
        make("install", DESTDIR=stage, prefix="/opt/fleet")
        self.assertEqual(files_below(stage),
                         ["opt/fleet/" + name for name in self.FILES])
        for name in files_below(stage):
            mode = 0o755 if name.endswith("bin/tlsfleet") else 0o644
            self.assertEqual((stage / name).stat().st_mode & 0o7777, mode, name)
        unit = stage / "opt/fleet/share/doc/tlsfleet/examples/tlsfleet.service"
        self.assertIn("ExecStart=/opt/fleet/bin/tlsfleet ", unit.read_text())
        make("uninstall", DESTDIR=stage, prefix="/opt/fleet")
        self.assertEqual(files_below(stage), [])
        self.assertFalse((stage / "opt/fleet/share/doc/tlsfleet").exists())

    def test_uninstalling_what_is_not_there_is_fine(self):
        make("uninstall", DESTDIR=self.folder(), prefix="/usr")

    def test_the_installed_program_runs(self):
        self.install()
        done = subprocess.run([self.prefix / "bin" / "tlsfleet", "-version"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0)
        self.assertIn("tlsfleet ", done.stdout)

    def test_the_example_lists_can_be_read(self):
        examples = self.install()
        for name in ("web.yaml", "mail.yaml", "mixed.txt"):
            run = program.run("-dry_run", "-targets", examples / name)
            self.assertEqual((run.status, run.err), (0, ""), run)

    @unittest.skipUnless(has("systemd-analyze"), "systemd is not installed")
    def test_systemd_has_no_objection_to_its_units(self):
        self.prefix = self.folder() / "prefix"
        examples = self.install()
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no",
             examples / "tlsfleet.service", examples / "tlsfleet.timer"],
            capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_words_of_the_service_are_right(self):
        text = (self.install() / "tlsfleet.service").read_text()
        command = re.search(r"^ExecStart=\S.*?/bin/tlsfleet ((?:.*\\\n)*.*)$", text,
                            re.M).group(1)
        here = self.folder()
        (here / "tlsfleet").mkdir()
        (here / "fleet.yaml").write_text("targets: [ www.example.com ]\n")
        words = command.replace("\\\n", " ").replace("%S", str(here)).replace(
            "/etc/tlsfleet", str(here)).split()
        run = program.run(*words, "-dry_run")
        self.assertEqual((run.status, run.err), (0, ""), run)
        self.assertIn("SuccessExitStatus=1\n", text)

    def test_the_line_for_cron_speaks_only_when_something_is_wrong(self):
        text = (self.install() / "crontab.example").read_text()
        line = re.search(r"^0 3 \* \* \*  (.*)$", text, re.M).group(1)
        line = line.replace(str(self.prefix / "bin" / "tlsfleet"),
                            str(OUT / "tlsfleet"))
        self.assertNotIn("%", line)  # a line end for cron
        home = self.folder()
        (home / "fleet.csv").touch()

        def cron(targets):
            (home / "fleet.yaml").write_text(targets)
            return subprocess.run(
                ["/bin/sh", "-c", line], stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=60,
                env={"HOME": str(home), "PATH": "/usr/bin:/bin"})
        done = cron("defaults: { retries: 0 }\ntargets: [ 127.0.0.1:1 ]\n")
        self.assertIn("127.0.0.1:1", done.stdout)
        self.assertIn("targets in", done.stdout)
        self.assertTrue((home / "fleet.csv").exists())
        self.assertIn("fleet.yaml:1:", cron("target: []\n").stderr)
        port = self.enterContext(servers.s_server())
        good = (f"defaults: {{ CAfile: {certificates() / 'root.pem'} }}\n"
                f"targets: [ 'server.demo.test@127.0.0.1:{port}' ]\n")
        self.assertIn("1 new, 1 gone", cron(good).stdout)
        done = cron(good)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        report = home / "fleet.csv"
        report.write_text(report.read_text().replace(",TLSv1.3,", ",TLSv1.2,"))
        self.assertIn("protocol: TLSv1.2 -> TLSv1.3", cron(good).stdout)


@unittest.skipUnless(has("dpkg-deb"), "this is no Debian")
class Package(InstalledCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "OPENSSL_PREFIX=" in os.environ.get("MAKEFLAGS", ""):
            raise unittest.SkipTest("a package takes Debian's OpenSSL")
        cls.deb = ROOT / cls.build()

    @staticmethod
    def build():
        said = make("deb", env={"DEBEMAIL": "fleet@example.net",
                                "SOURCE_DATE_EPOCH": "1800000000"})
        return said.splitlines()[-1]

    def setUp(self):
        self.root = self.folder()
        subprocess.run(["dpkg-deb", "--raw-extract", self.deb, self.root],
                       check=True)

    def control(self):
        text = (self.root / "DEBIAN" / "control").read_text()
        return dict(re.findall(r"^([\w-]+): (.*)$", text, re.M))

    def test_it_depends_on_the_libraries_that_the_program_names(self):
        packages = re.findall(r"([\w.+-]+) \(>= [\w.+:~-]+\)(?:, |$)",
                              self.control()["Depends"])
        self.assertIn("libc6", packages)
        self.assertIn("libyaml-0-2", packages)
        self.assertRegex(" ".join(packages), r"\blibssl3")

    def test_its_control_file_is_whole(self):
        control = self.control()
        self.assertEqual(control["Package"], "tlsfleet")
        self.assertEqual("tlsfleet " + control["Version"],
                         program.run("-version").out.splitlines()[0])
        self.assertIn("<fleet@example.net>", control["Maintainer"])
        self.assertGreater(int(control["Installed-Size"]), 100)
        for name in ("Architecture", "Section", "Priority", "Description"):
            self.assertIn(name, control)

    def test_nothing_is_run_when_it_is_installed(self):
        self.assertEqual(files_below(self.root / "DEBIAN"),
                         ["control", "md5sums"])
        self.assertFalse([name for name in files_below(self.root)
                          if re.search(r"^(etc|lib|usr/lib)/", name)])

    def test_its_sums_are_those_of_its_files(self):
        told = dict(reversed(line.split("  ")) for line in
                    (self.root / "DEBIAN/md5sums").read_text().splitlines())
        found = {name: hashlib.md5((self.root / name).read_bytes()).hexdigest()
                 for name in files_below(self.root)
                 if not name.startswith("DEBIAN/")}
        self.assertEqual(told, found)

    def test_it_has_what_debian_asks_for(self):
        names = files_below(self.root)
        for name in ("usr/share/doc/tlsfleet/copyright",
                     "usr/share/doc/tlsfleet/changelog.gz",
                     "usr/share/man/man1/tlsfleet.1.gz",
                     "usr/share/man/man5/tlsfleet-targets.5.gz",
                     "usr/share/zsh/vendor-completions/_tlsfleet"):
            self.assertIn(name, names)
        self.assertIn("/usr/share/common-licenses/Apache-2.0",
                      (self.root / "usr/share/doc/tlsfleet/copyright").read_text())

    def test_its_files_are_root_s(self):
        listed = subprocess.run(["dpkg-deb", "--contents", self.deb], check=True,
                                capture_output=True, text=True).stdout
        for line in listed.splitlines():
            self.assertRegex(line, r"^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x) "
                                   r"root/root ")

    def test_it_comes_out_the_same_twice(self):
        first = self.deb.read_bytes()
        self.build()
        self.assertEqual(first, self.deb.read_bytes())

    @unittest.skipIf(os.geteuid() != 0, "only root can install a package")
    def test_it_installs_and_removes_cleanly(self):
        """Into a folder with a package database of its own, which knows the
        packages that this one needs."""
        place, database = self.folder(), self.folder()
        needed = [word.split()[0] for word in
                  self.control()["Depends"].split(", ")]
        known = subprocess.run(["dpkg-query", "-s", *needed], check=True,
                               capture_output=True, text=True).stdout
        (database / "status").write_text(known.rstrip("\n") + "\n\n")
        for name in ("info", "updates", "triggers"):
            (database / name).mkdir()
        (database / "available").touch()

        def dpkg(*words):
            done = subprocess.run(
                ["dpkg", f"--instdir={place}", f"--admindir={database}",
                 "--log=/dev/null", *map(str, words)],
                stdin=subprocess.DEVNULL, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        dpkg("--install", self.deb)
        self.assertEqual(files_below(place),
                         [name for name in files_below(self.root)
                          if not name.startswith("DEBIAN/")])
        done = subprocess.run([place / "usr/bin/tlsfleet", "-version"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        dpkg("--remove", "tlsfleet")
        self.assertEqual(files_below(place), [])
