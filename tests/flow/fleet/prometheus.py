"""A strict reader of what Prometheus calls its text format, and promtool.

Stricter than the format: gauges only, no times, HELP before TYPE before the
samples of a metric, and these together.
"""

import re
import shutil
import subprocess

HELP = re.compile(r"# HELP ([a-z_][a-z0-9_]*) (\S.*)")
TYPE = re.compile(r"# TYPE ([a-z_][a-z0-9_]*) gauge")
SAMPLE = re.compile(r"([a-z_][a-z0-9_]*)(?:\{(.*)\})? (-?[0-9]+(?:\.[0-9]+)?)")
LABEL = re.compile(r'([a-z_][a-z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)')
UNESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


def read_labels(text):
    labels = {}
    at = 0
    while at < len(text):
        match = LABEL.match(text, at)
        assert match, f"no label at {text[at:]!r}"
        name, value, _ = match.groups()
        assert name not in labels, f"{name} twice in {text!r}"
        labels[name] = re.sub(r"\\.", lambda m: UNESCAPED[m[0]], value)
        at = match.end()
    assert not text.endswith(","), text
    return labels


def read(text):
    """{metric: {frozenset of labels: value}}; asserts that the text is right."""
    metrics = {}
    current = None
    typed = False
    assert text == "" or text.endswith("\n")
    for line in text.splitlines():
        if match := HELP.fullmatch(line):
            assert current is None or metrics[current], f"{current} has no sample"
            current, typed = match[1], False
            assert current not in metrics, f"{current} comes in two places"
            metrics[current] = {}
        elif match := TYPE.fullmatch(line):
            assert match[1] == current and not typed, line
            typed = True
        else:
            match = SAMPLE.fullmatch(line)
            assert match, f"neither comment nor sample: {line!r}"
            assert match[1] == current and typed, f"out of place: {line!r}"
            labels = frozenset(read_labels(match[2] or "").items())
            assert labels not in metrics[current], f"twice: {line!r}"
            metrics[current][labels] = float(match[3])
    return metrics


def promtool():
    return shutil.which("promtool")


def check_with_promtool(text):
    """Its complaints, of taste too."""
    done = subprocess.run([promtool(), "check", "metrics"], input=text,
                          capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()


class Metrics:
    """Samples by metric and target."""

    def __init__(self, text):
        self.all = read(text)

    def of(self, metric, **labels):
        """The one value whose labels hold these."""
        found = [value for have, value in self.all.get(metric, {}).items()
                 if set(labels.items()) <= have]
        assert len(found) == 1, f"{len(found)} of {metric} {labels}"
        return found[0]

    def labels(self, metric, **labels):
        """All labels of the one sample whose labels hold these."""
        found = [dict(have) for have in self.all.get(metric, {})
                 if set(labels.items()) <= have]
        assert len(found) == 1, f"{len(found)} of {metric} {labels}"
        return found[0]
