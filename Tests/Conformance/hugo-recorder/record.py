"""Asks Hugo what the templates of some case files give, and writes the answers into the files.

    record.py [--check] HUGO FILE…

All cases are rendered by one site: each template is a partial of its own in a plain-text output format, and one page
calls them all under `try`, so that a failing case stops nothing. Data are written as literals of the template language,
which keeps integers, nils and the case of keys. A template that cannot be parsed stops the build, so it is recorded,
taken out, and the site is built again.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FIELDS = ["name", "template", "templateBase64", "data", "partials", "output", "outputBase64", "error", "stage"]
ANSWERS = ["output", "outputBase64", "error", "stage"]

# What `now` gives; Hugo's clock runs on from here.
CLOCK = "2026-03-04T05:06:07Z"

CONFIGURATION = """
baseURL = "https://example.org/"
disableKinds = ["page", "section", "taxonomy", "term", "rss", "sitemap", "robotsTXT", "404"]
timeZone = "UTC"
[outputs]
home = ["plain"]
[outputFormats.plain]
mediaType = "text/plain"
isPlainText = true
baseName = "answers"
[params]
retries = 3
port = 8080
[params.proxy]
name = "edge"
"""


def quoted(text):
    """A string literal that Go and JSON read alike."""
    return json.dumps(text, ensure_ascii=False)


def literal(value):
    """The expression of the template language that makes `value`. Lists are []any whatever they hold."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        # A list of one type would become []int or []string, unless a nil goes first.
        return "(after 1 (slice nil %s))" % " ".join(map(literal, value)) if value else "slice"
    return "(dict %s)" % " ".join(quoted(key) + " " + literal(item) for key, item in value.items()) if value else "dict"


def contents(case):
    if "templateBase64" in case:
        return base64.b64decode(case["templateBase64"])
    return case["template"].encode()


class Site:
    """A folder with a site that has every case as a partial."""

    def __init__(self, hugo, folder, cases):
        self.hugo = hugo
        self.folder = pathlib.Path(folder)
        self.cases = cases
        self.answers = {}
        self.layouts = self.folder / "layouts"
        self.write("hugo.toml", CONFIGURATION.encode())
        partials = {}
        for number, case in enumerate(cases):
            self.write(f"layouts/_partials/cases/{number}.txt", contents(case))
            for name, text in case.get("partials", {}).items():
                if partials.setdefault(name, text) != text:
                    sys.exit(f"{case['name']}: there is another partial {name}")
                self.write(f"layouts/_partials/{name}", text.encode())

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def line(self, number):
        data = " " + literal(self.cases[number]["data"]) if "data" in self.cases[number] else ""
        call = f'partial "cases/{number}.txt"{data}'
        show = "{{ with .Err }}error {{ print . | base64Encode }}{{ else }}output {{ .Value | base64Encode }}{{ end }}"
        return f"{{{{ with try ({call}) }}}}{number} {show}{{{{ end }}}}\n"

    def ask(self):
        """An answer for each case."""
        while True:
            rest = [number for number in range(len(self.cases)) if number not in self.answers]
            self.write("layouts/home.plain.txt", "".join(map(self.line, rest)).encode())
            log = self.build()
            refused = re.search(r"parse of template failed: (template: _partials/cases/(\d+)\.txt.*)", log)
            if not refused:
                break
            number = int(refused[2])
            self.answers[number] = {"error": self.message(number, refused[1]), "stage": "parse"}
            (self.layouts / f"_partials/cases/{number}.txt").unlink()
        self.read(rest, log)
        return [self.answers[number] for number in range(len(self.cases))]

    def build(self):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "HUGO_CACHEDIR": str(self.folder / "cache")}
        done = subprocess.run(
            [self.hugo, "--clock", CLOCK, "--quiet"], cwd=self.folder, env=environment, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout

    def read(self, numbers, log):
        path = self.folder / "public/answers.txt"
        lines = path.read_text().splitlines() if path.exists() else []
        for line in lines:
            number, kind, *rest = line.split(" ")
            number, data = int(number), base64.b64decode("".join(rest))
            if kind == "error":
                answer = {"error": self.message(number, data.decode(errors="replace")), "stage": "run"}
            else:
                try:
                    answer = {"output": data.decode()}
                except UnicodeDecodeError:
                    answer = {"outputBase64": base64.b64encode(data).decode()}
            self.answers[number] = answer
        missing = [self.cases[number]["name"] for number in numbers if number not in self.answers]
        if missing:
            sys.exit(f"Hugo gave no answer for {', '.join(missing)}:\n{log}")

    def message(self, number, text):
        """Hugo's message from the case's own template on."""
        name = f"_partials/cases/{number}.txt"
        start = text.find(f"template: {name}")
        text = text[max(start, 0):].replace(name, "case")
        return text.replace(f"{self.layouts}/", "")


def ordered(case):
    unknown = set(case) - set(FIELDS)
    if unknown:
        sys.exit(f"{case.get('name')}: unknown fields {sorted(unknown)}")
    return {field: case[field] for field in FIELDS if field in case}


def main(arguments):
    check = arguments[:1] == ["--check"]
    hugo, *paths = arguments[1:] if check else arguments
    before = {path: pathlib.Path(path).read_text() for path in paths}
    families = {path: json.loads(text) for path, text in before.items()}
    for path, family in families.items():
        names = [case["name"] for case in family["cases"]]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or family["family"] != pathlib.Path(path).stem:
            sys.exit(f"{path}: names that stand twice: {twice}; family: {family['family']}")
    cases = [case for family in families.values() for case in family["cases"]]
    with tempfile.TemporaryDirectory() as folder:
        answers = Site(hugo, os.path.realpath(folder), cases).ask()
    for case, answer in zip(cases, answers):
        for field in ANSWERS:
            case.pop(field, None)
        case.update(answer)
    changed = []
    for path, family in families.items():
        family["cases"] = [ordered(case) for case in family["cases"]]
        text = json.dumps(family, ensure_ascii=False, indent=2) + "\n"
        if text != before[path]:
            changed.append(path)
            if not check:
                pathlib.Path(path).write_text(text)
    print(f"{len(cases)} cases, {sum('error' in answer for answer in answers)} of them errors")
    for path in changed:
        print(("would change: " if check else "changed: ") + path)
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
