"""Reports: every format, re-read by other programs, and safe to look at."""

import contextlib
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios

from fleet import program
from fleet.case import FlowCase

HOSTILE = ("escape", "csi", "nul", "newline", "bidi", "c1", "utf8", "quote",
           "formula")


class Formats(FlowCase):
    def setUp(self):
        super().setUp()
        self.port = self.s_server("-alpn", "h2")
        self.target = f"a.demo.test@127.0.0.1:{self.port}"

    def reports(self, *words, targets=None, status=0):
        """The same scan in every format: {format: text}."""
        formats = ("text", "full", "brief", "csv", "jsonl")
        files = {f: self.folder / f"out.{f}" for f in formats}
        words = [*words, *(targets or [self.target])]
        for name, path in files.items():
            words = ["-report", f"{name}={path}", *words]
        run = self.run_program("-batch", "-CAfile", self.ca, *words, status=status)
        self.assertEqual(run.out, "")
        return {name: path.read_text() for name, path in files.items()}

    def test_csv_and_jsonl_say_the_same(self):
        texts = self.reports("-fields", "all", "-alpn", "h2", "-status")
        row = program.read_csv(texts["csv"])[0]
        record = program.read_jsonl(texts["jsonl"])[0]
        # What is unknown is empty in CSV and absent in JSON.
        self.assertEqual({k for k, v in row.items() if v != ""}
                         - {k for k, v in record.items() if v == ""}, set(record)
                         - {k for k, v in record.items() if v == ""})
        for name, value in record.items():
            with self.subTest(name):
                cell = row[name]
                if value is None:
                    self.assertEqual(cell, "not_asked")
                elif isinstance(value, bool):
                    self.assertEqual(cell, "yes" if value else "no")
                elif isinstance(value, (int, float)):
                    self.assertEqual(float(cell), value)
                elif isinstance(value, str):
                    self.assertEqual(cell, value)
        self.assertIsInstance(record["port"], int)
        self.assertIsInstance(record["days_left"], int)
        self.assertIs(record["verified"], True)
        self.assertIsInstance(record["san"], list)
        self.assertEqual(len(record["chain"]), 2)
        self.assertIn("BEGIN CERTIFICATE", record["chain"][0]["pem"])
        self.assertRegex(record["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(record["ocsp"], "none")

    def test_default_columns_in_their_order(self):
        texts = self.reports()
        self.assertEqual(
            texts["csv"].splitlines()[0],
            "index,target,host,port,address,sni,starttls,profile,status,stage,"
            "code,error,verified,name_match,protocol,cipher,group,signature,alpn,"
            "verify_code,verify_error,subject,issuer,san,serial,not_before,"
            "not_after,days_left,key_type,key_bits,cert_signature,sha256,"
            "chain_length,ocsp,resumed,ms_total,attempts,expect,change")
        self.assertNotIn("\r", texts["csv"])
        self.assertTrue(texts["csv"].endswith("\n"))

    def test_fields_are_chosen_in_order(self):
        texts = self.reports("-fields", "status,host,port")
        self.assertEqual(texts["csv"],
                         f"status,host,port\nok,a.demo.test,{self.port}\n")
        self.assertEqual(texts["jsonl"], '{"status":"ok","host":"a.demo.test",'
                                         f'"port":{self.port}}}\n')
        texts = self.reports("-fields", "-san,-sha256")
        header = texts["csv"].splitlines()[0].split(",")
        self.assertNotIn("san", header)
        self.assertIn("serial", header)

    def test_not_asked_is_neither_none_nor_empty(self):
        record = self.record(self.target, status=0)
        self.assertFields(record, ocsp="not_asked", expect="not_asked",
                          change="not_asked", error="none", starttls="none")
        self.assertFields(self.record("-status", self.target),
                          ocsp="none")

    def test_jq_reads_every_line(self):
        text = self.reports("-fields", "all")["jsonl"]
        done = subprocess.run(["jq", "-r", ".sni"], input=text, text=True,
                              capture_output=True, check=True)
        self.assertEqual(done.stdout, "a.demo.test\n")

    def test_text_is_one_line_a_target_and_a_summary_that_adds_up(self):
        expired = self.s_server(cert="expired")
        text = self.reports(targets=[self.target, f"b.demo.test@127.0.0.1:{expired}",
                                     "127.0.0.1:1"], status=1)["text"]
        lines = text.splitlines()
        for part in ("a.demo.test", "ok", "TLSv1.3"):
            self.assertIn(part, lines[0])
        self.assertIn("expired", lines[1])
        self.assertIn("refused", lines[2].lower())
        self.assertRegex(text, r"\b3\b.*\b3\b")

    def test_full_and_brief_are_as_s_client_prints_them(self):
        texts = self.reports()
        for part in ("Certificate chain", "Server certificate",
                     "-----BEGIN CERTIFICATE-----", "SSL handshake has read",
                     "Verification: OK", "New, TLSv1.3", "Verify return code: 0 (ok)"):
            self.assertIn(part, texts["full"])
        for part in ("Protocol version: TLSv1.3",
                     "Ciphersuite: TLS_AES_256_GCM_SHA384", "Verification: OK"):
            self.assertIn(part, texts["brief"])

    def test_showcerts_shows_the_whole_chain(self):
        texts = self.reports("-showcerts")
        self.assertEqual(texts["full"].count("-----BEGIN CERTIFICATE-----"), 2)

    def test_secrets_stay_out_unless_asked_for(self):
        secret = re.compile(r"(Master-Key|Resumption PSK): *[0-9A-F]{32}")
        port = self.s_server("-tls1_2")
        target = [f"a.demo.test@127.0.0.1:{port}"]
        self.assertIsNone(secret.search(self.reports(targets=target)["full"]))
        self.assertIsNotNone(secret.search(
            self.reports("-show_secrets", targets=target)["full"]))

    def test_a_terminal_gets_color_only_when_asked(self):
        run = self.run_program("-batch", "-CAfile", self.ca, self.target)
        self.assertNotIn("\x1b", run.out)
        run = self.run_program("-batch", "-CAfile", self.ca, "-color", "always",
                               self.target)
        self.assertIn("\x1b[", run.out)
        run = self.run_program("-batch", "-CAfile", self.ca, "-color", "always",
                               "-report", "csv", self.target)
        self.assertNotIn("\x1b", run.out)

    def test_progress_is_for_terminals(self):
        run = self.run_program("-batch", "-CAfile", self.ca, self.target)
        self.assertEqual(run.err, "")
        late = self.peers("tls", options=["-delay", "1500"])["tls"]
        words = ("-batch", "-CAfile", self.ca, f"a.demo.test@127.0.0.1:{late}")
        self.assertIn("0/1", self.on_terminal(*words, TERM="xterm"))
        self.assertEqual(self.on_terminal(*words, TERM="dumb"), "")
        self.assertEqual(self.on_terminal("-progress", "none", *words,
                                          TERM="xterm"), "")

    def test_progress_stays_in_its_row(self):
        late = self.peers("tls", options=["-delay", "1500"])["tls"]
        shown = self.on_terminal("-batch", "-CAfile", self.ca,
                                 f"a.demo.test@127.0.0.1:{late}", TERM="xterm",
                                 columns=20)
        rows = shown.split("\r\x1b[K")
        self.assertEqual(max(map(len, rows)), 19, rows)

    def test_a_report_does_not_run_into_the_progress(self):
        late = self.peers("tls", options=["-delay", "1500"])["tls"]
        ours, theirs = pty.openpty()
        process = program.start("-batch", "-CAfile", self.ca,
                                f"a.demo.test@127.0.0.1:{late}",
                                env={"TERM": "xterm"}, stdin=subprocess.DEVNULL,
                                stdout=theirs, stderr=theirs)
        os.close(theirs)
        lines = self.read_terminal(ours).split("\r\n")
        process.wait()
        seen = [line.rsplit("\r\x1b[K", 1)[-1] for line in lines]
        self.assertRegex(seen[0], r"^(\x1b\[32m)?ok\b", lines)

    def on_terminal(self, *words, columns=80, **env):
        """What standard error shows when it is a terminal."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        process = program.start(*words, env=env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        shown = self.read_terminal(ours)
        process.wait()
        return shown

    def read_terminal(self, ours):
        shown = b""
        with contextlib.suppress(OSError):  # EIO: the other end is closed
            while chunk := os.read(ours, 4096):
                shown += chunk
        os.close(ours)
        return shown.decode()


class Hostile(FlowCase):
    """Names that certificates may hold, in every report."""

    def test_no_report_holds_a_control_byte(self):
        targets = []
        for name in HOSTILE:
            port = self.peers("tls", cert=f"hostile-{name}")["tls"]
            targets.append(f"{name}.demo.test@127.0.0.1:{port}")
        out = self.folder / "out"
        words = []
        for form in ("text", "full", "brief", "csv", "jsonl"):
            words += ["-report", f"{form}={out}.{form}"]
        run = self.run_program("-batch", "-fields", "all", "-CAfile", self.ca,
                               "-showcerts", *words, *targets, status=1)
        self.assertNeutral(run.err, "standard error")
        for form in ("text", "full", "brief", "csv", "jsonl"):
            with self.subTest(form):
                text = (self.folder / f"out.{form}").read_text("utf-8")
                self.assertNeutral(text, form)
        rows = program.read_csv((self.folder / "out.csv").read_text())
        records = program.read_jsonl((self.folder / "out.jsonl").read_text())
        self.assertEqual(len(rows), len(HOSTILE))
        self.assertEqual(len(records), len(HOSTILE))
        for row, record, name in zip(rows, records, HOSTILE):
            with self.subTest(name):
                self.assertFields(row, status="ok", name_match="no"
                                  if name != "newline" else row["name_match"])
                self.assertEqual(record["subject"], row["subject"].removeprefix("'"))
                self.assertNotEqual(row["san"], "")

    def test_a_name_in_the_full_report_is_s_clients(self):
        port = self.s_server(cert="hostile-quote")
        words = ("-nameopt", "RFC2253", "-connect", f"127.0.0.1:{port}")
        ours = self.run_program("-batch", "-report", "full", "-CAfile", self.ca,
                                *words, status=1).out
        theirs = subprocess.run(
            ["openssl", "s_client", *words],
            stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout
        line = next(line for line in theirs.splitlines() if "subject=" in line)
        self.assertIn('\\"', line)
        self.assertIn(line, ours.splitlines())

    def test_a_cell_is_never_a_formula(self):
        port = self.peers("tls", cert="hostile-formula")["tls"]
        target = f"a.demo.test@127.0.0.1:{port}"
        words = ("-nameopt", "multiline,-show_type", "-fields",
                 "subject,san,days_left,port")
        row = self.record(*words, target, status=1)
        for name in ("subject", "san"):
            self.assertNotIn(row[name][0], "=+-@\t\r", row)
        raw = self.record(*words, "-csv_raw", target, status=1)
        self.assertEqual(raw["port"], str(port))

    def test_a_formula_as_target_is_guarded(self):
        listed = self.file("list", "=1+1\n@x\n+a\n")
        found = self.records("-targets", listed, "-fields", "target", status=1)
        self.assertEqual([r["target"] for r in found], ["'=1+1", "'@x", "'+a"])

    def test_hostile_targets_come_back_harmless(self):
        listed = self.file("list", b"\x1b]2;x\x07\n\xff\xfe\n\xe2\x80\xaegpj.exe\n")
        for form in ("text", "csv", "jsonl"):
            run = self.run_program("-targets", listed, "-report", form, status=1)
            self.assertNeutral(run.out, form)


class ExitStatus(FlowCase):
    def test_fail_on_decides_what_is_a_failure(self):
        good = self.s_server()
        expired = self.s_server(cert="expired")
        wrong = self.s_server(cert="wronghost")
        rows = (
            # targets, -fail_on, exit status
            ([f"a.demo.test@127.0.0.1:{good}"], None, 0),
            ([f"a.demo.test@127.0.0.1:{expired}"], None, 1),
            ([f"a.demo.test@127.0.0.1:{expired}"], "failed,name", 0),
            ([f"a.demo.test@127.0.0.1:{expired}"], "verify", 1),
            ([f"a.demo.test@127.0.0.1:{wrong}"], None, 1),
            ([f"a.demo.test@127.0.0.1:{wrong}"], "verify,failed", 0),
            ([f"a.demo.test@127.0.0.1:{wrong}"], "name", 1),
            (["127.0.0.1:1"], None, 1),
            (["127.0.0.1:1"], "verify,name", 0),
            (["127.0.0.1:1"], "none", 0),
        )
        for targets, fail_on, status in rows:
            with self.subTest((targets, fail_on)):
                words = ["-fail_on", fail_on] if fail_on else []
                self.run_program("-batch", "-CAfile", self.ca, *words, *targets,
                                 status=status)


class About(FlowCase):
    def test_version(self):
        run = self.run_program("-version", status=0)
        self.assertRegex(run.out, r"^tlsfleet \d+\.\d+")
        self.assertRegex(run.out, r"OpenSSL 3\.\d+\.\d+.*\n?")
        self.assertEqual(run.err, "")

    def test_help_is_by_topic(self):
        short = self.run_program("-help", status=0)
        self.assertIn("-targets", short.out)
        self.assertEqual(short.err, "")
        everything = self.run_program("-help", "all", status=0).out
        for name in ("-connect", "-CAfile", "-x509_strict", "-workers", "-xcert",
                     "-starttls", "-keymatexport"):
            self.assertIn(name, everything)
        network = self.run_program("-help", "network", status=0).out
        self.assertIn("-bind", network)
        self.assertNotIn("-x509_strict", network)
        self.assertLess(len(short.out), len(everything))
        self.assertNeutral(everything)

    def test_json_is_what_python_makes_of_it(self):
        """Numbers stay numbers and text stays text."""
        port = self.s_server()
        run = self.run_program("-batch", "-report", "jsonl", "-CAfile", self.ca,
                               f"a.demo.test@127.0.0.1:{port}", status=0)
        line = run.out.splitlines()[0]
        self.assertEqual(json.loads(line), json.loads(
            json.dumps(json.loads(line), ensure_ascii=True)))
