"""Renders services by a template engine of Python's, as often as asked.

    worker.py minijinja|Jinja2|Mako TEMPLATE SERVICES

Each line of standard input is a number of renderings, answered with the nanoseconds that one took by the clock and of
the processors, or `write FILE`, answered with `ok`. Every engine gets the services in the form that it reads fastest: minijinja as dictionaries, the
others as objects. All three come without escaping.
"""
import json
import sys
import time
from types import SimpleNamespace


def renderer(engine, template, services):
    """What renders once: compiled before, so that only rendering is measured."""
    with open(template, encoding="utf-8") as file:
        text = file.read()
    with open(services, "rb") as file:
        if engine == "minijinja":
            data = json.load(file)
        else:
            data = json.load(file, object_hook=lambda fields: SimpleNamespace(**fields))
    if engine == "minijinja":
        import minijinja
        environment = minijinja.Environment(templates={"page": text}, keep_trailing_newline=True)
        return lambda: environment.render_template("page", services=data)
    if engine == "Jinja2":
        import jinja2
        page = jinja2.Environment(keep_trailing_newline=True).from_string(text)
        return lambda: page.render(services=data)
    if engine == "Mako":
        import mako.template
        page = mako.template.Template(text)
        return lambda: page.render(services=data)
    sys.exit(f"no engine {engine}")


def main():
    render = renderer(*sys.argv[1:4])
    output = ""
    for line in sys.stdin:
        order = line.rstrip("\n").split(" ", 1)
        if order[0] == "write":
            with open(order[1], "w", encoding="utf-8", newline="") as file:
                file.write(output)
            print("ok", flush=True)
            continue
        rounds = int(order[0])
        start = time.perf_counter_ns(), time.process_time_ns()
        for _ in range(rounds):
            output = render()
        end = time.perf_counter_ns(), time.process_time_ns()
        print((end[0] - start[0]) // rounds, (end[1] - start[1]) // rounds, flush=True)


main()
