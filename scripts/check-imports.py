"""Reads `swift package dump-package` on standard input and holds every import in Sources/ and Tests/ to it."""
import json
import re
import sys
from pathlib import Path

# What the toolchain brings; not a room's business.
TOOLCHAIN = {
    "Swift", "Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationInternationalization", "FoundationXML",
    "Dispatch", "Glibc", "Musl", "_Builtin_intrinsics", "Darwin", "Synchronization", "RegexBuilder", "_Concurrency", "_StringProcessing"}
TESTING = {"Testing", "XCTest"}
# A product may hold further modules that its users import as well.
PRODUCT_MODULES = {"Hummingbird": {"HummingbirdCore"}, "HummingbirdTesting": {"HummingbirdTesting"}}
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|typealias|func|let|var|actor)\s+)?(\w+)")


# Another language's text may stand in a literal.
LITERAL = re.compile(r'""".*?"""', re.DOTALL)


def allowed_modules(target) -> set[str]:
    names = set()
    for dependency in target["dependencies"]:
        kind, value = next(iter(dependency.items()))
        names.add(value[0])
        if kind == "product":
            names |= PRODUCT_MODULES.get(value[0], set())
    return names | TOOLCHAIN | (TESTING if target["type"] == "test" or target["name"] == "TestKit" else set())


def folder(root: Path, target) -> Path:
    if path := target.get("path"):
        return root / path
    return root / ("Tests" if target["type"] == "test" else "Sources") / target["name"]


def main() -> int:
    root = Path(sys.argv[1])
    problems, files = [], 0
    for target in json.load(sys.stdin)["targets"]:
        if target["type"] not in ("regular", "executable", "test"):
            continue
        allowed = allowed_modules(target) | {target["name"]}
        for file in sorted(folder(root, target).rglob("*.swift")):
            files += 1
            text = LITERAL.sub(lambda literal: "\n" * literal.group().count("\n"), file.read_text(encoding="utf-8"))
            for number, line in enumerate(text.splitlines(), 1):
                found = IMPORT.match(line)
                if found and found.group(1) not in allowed:
                    place = f"{file.relative_to(root)}:{number}"
                    rooms = sorted(allowed - TOOLCHAIN - TESTING - {target["name"]})
                    problems.append(
                        f"{place}: {target['name']} may not import {found.group(1)}; "
                        f"Package.swift allows {', '.join(rooms) or 'no other module'}")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"check-imports: {files} files, {len(problems)} forbidden imports")
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
