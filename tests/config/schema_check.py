#!/usr/bin/env python3
"""Holds files against a published JSON Schema: schema_check.py SCHEMA FILE…

Prints one line a file, "FILE: valid", "FILE: " and the first thing that is wrong, or "FILE: no JSON …".
"""
import json
import sys

from jsonschema import Draft202012Validator


def without_comments(text):
    """JSON as the program reads it: // and /* */ become blanks, what stands in strings stays."""
    out, i = [], 0
    while i < len(text):
        if text[i] == '"':
            end = i + 1
            while end < len(text) and text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            out.append(text[i : end + 1])
            i = end + 1
        elif text.startswith("//", i):
            i = text.find("\n", i) if "\n" in text[i:] else len(text)
        elif text.startswith("/*", i):
            i = text.index("*/", i) + 2
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for name in sys.argv[2:]:
        try:
            with open(name, encoding="utf-8-sig") as file:
                value = json.loads(without_comments(file.read()))
        except ValueError as error:
            print(f"{name}: no JSON: {error}")
            continue
        errors = sorted(validator.iter_errors(value), key=lambda e: list(map(str, e.absolute_path)))
        print(f"{name}: {errors[0].json_path}: {errors[0].message}" if errors else f"{name}: valid")


main()
