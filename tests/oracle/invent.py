"""Expressions made by chance, most of them with a value: by the kind of value that is wanted, over every function.

The same seed gives the same expressions. One operand in twelve is of a kind that nobody asked for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

# Of an operand that is wrong; and of one that is unknown, sensitive or null.
_WRONG, _SPECIAL = 0.06, 0.13
_DEEPEST = 3

# What a function takes by kind: s string, n number, i small whole number, b bool, L list of strings, N list of numbers,
# A list of anything, M map, O object, S set of strings, c any collection, x anything; `*` repeats the last up to three times.
# Words in angle brackets are a kind of text of its own, below. After the colon, what comes out.
_SIGNATURES = """
abs n:n|abspath <path>:-|alltrue B:b|anytrue B:b|base64decode <base64>:s|base64encode s:s|base64sha256 s:s|base64sha512 s:s
basename <path>:s|bcrypt s:-|can x:b|ceil n:n|chomp s:s|chunklist A i:A|cidrhost <cidr> i:s|cidrnetmask <cidr>:s
cidrsubnet <cidr> i i:s|cidrsubnets <cidr> i i*:L|coalesce s s*:s|coalesce n n*:n|coalesce x x*:x|coalescelist L L*:L
coalescelist A A*:A|compact L:L|concat A A*:A|concat L L*:L|contains A x:b|contains L s:b|csvdecode <csv>:A|dirname <path>:s
distinct A:A|distinct L:L|element A i:x|element L i:s|endswith s s:b|ephemeralasnull x:x|file <file>:s|filebase64 <file>:s
filebase64sha256 <file>:s|filebase64sha512 <file>:s|fileexists <file>:b|filemd5 <file>:s|fileset <folder> <glob>:S|filesha1 <file>:s
filesha256 <file>:s|filesha512 <file>:s|flatten c:A|flatten A:A|floor n:n|format <format1> x:s|format <format2> s n:s|formatdate <dates> <time>:s
formatlist <format1> A:L|formatlist <format2> L N:L|indent <width> s:s|index L s:n|index A x:n|issensitive x:b|join s L:s|join s L L:s|join s A:s
jsondecode <json>:x|jsonencode x:s|keys M:L|keys O:L|length c:n|length s:n|length A:n|log <positive> <base>:n|lookup M s s:s|lookup O s x:x
lookup M s:s|lower s:s|matchkeys A A A:A|matchkeys L L L:L|max n n*:n|md5 s:s|merge O O*:O|merge M O*:M|merge M M:M|min n n*:n|nonsensitive x:x
one A:x|one S:s|parseint <digits> <radix>:n|pathexpand <path>:-|pow i i:n|range i:N|range i i:N|range i i <step>:N
regex <pattern> s:x|regexall <pattern> s:A|replace s s s:s|replace s <slashed> s:s|reverse A:A|rsadecrypt s s:s|sensitive x:x
setintersection S S*:S|setintersection A A:A|setproduct L L*:A|setproduct S A:A|setsubtract S S:S|setsubtract A A:A|setunion S S*:S|setunion A A*:A
sha1 s:s|sha256 s:s|sha512 s:s|signum n:n|slice A i i:A|slice L i i:L|sort L:L|sort A:L|split s s:L|startswith s s:b|strcontains s s:b|strrev s:s
substr s i i:s|sum N:n|sum A:n|templatefile <template> O:s|templatestring <deferred> O:s|textdecodebase64 <base64> <charset>:s
textencodebase64 s <charset>:s|timeadd <time> <duration>:s|timecmp <time> <time>:n|timestamp:s|title s:s|tobool x:b|tobool <bool>:b
tolist A:L|tolist S:L|tolist x:L|tomap O:M|tomap x:M|tonumber <digits>:n|tonumber x:n|toset A:S|toset L:S|tostring n:s|tostring b:s|tostring x:s
transpose <lists>:M|trim s s:s|trimprefix s s:s|trimspace s:s|trimsuffix s s:s|try x x*:x|try s s:s|upper s:s|urlencode s:s|uuid:-
uuidv5 <namespace> s:s|values M:L|values O:A|yamldecode <yaml>:x|yamlencode x:s|zipmap L A:O|zipmap L L:O
"""
_TEXTS: dict[str, Sequence[str]] = {
    "path": ('"a/b/c.txt"', '"/"', '""', '"a//b/../c"', '"."', '"../x"', '"/etc/"', '"a/b/"'),
    "base64": ('base64encode("héllo")', '"aGk="', '"aGk"', '"!!"', '""', '"/w=="'),
    "cidr": ('"10.0.0.0/8"', '"10.1.2.3/16"', '"192.168.0.0/24"', '"0.0.0.0/0"', '"10.0.0.1/32"', '"fd00:fd12:3456:7890::/56"', '"2001:db8::/32"',
             '"10.0.0.0"', '"300.0.0.0/8"', '"::/0"', '"10.0.0.0/33"'),
    "csv": ('"a,b\\n1,2\\n3,4\\n"', '"a,b\\n"', '"a\\n\\"x,y\\"\\n"', '"a,b\\n1\\n"', '""', '"a,a\\n1,2\\n"', '"é\\nü\\n"'),
    "file": ('"t.tftpl"', '"sub/a.txt"', '"sub/none.txt"', '"./sub/b.txt"', '"${path.module}/sub/a.txt"', '"sub"'),
    "folder": ('"sub"', '"more"', '"./sub"', '"nowhere"', '"sub/deep"'),
    "glob": ('"*.txt"', '"**/*.txt"', '"*"', '"**"', '"{a,b}.txt"', '"[a-b].txt"', '"?.txt"', '"x/*"'),
    "format1": ('"%s"', '"%v"', '"%d"', '"%5s|"', '"%-5v|"', '"%05d"', '"%q"', '"%x"', '"%X"', '"%t"', '"%.2f"', '"%e"', '"%g"', '"%+d"', '"%#v"', '"%%%v"',
                '"%o"', '"%b"', '"%[1]s-%[1]s"', '"%5.1f"', '"é%s"', '"%s%s"', '"none"', '"%z"', '"%.3s"', '"% d"', '"%*d"'),
    "format2": ('"%s-%d"', '"%[2]d-%[1]s"', '"%v/%v"', '"%q=%03d"', '"%s"', '"%s %s"', '"%-6s%6.2f"', '"%[3]s"', '"%s %e"'),
    "dates": ('"YYYY-MM-DD"', '"DD MMM YYYY hh:mm ZZZ"', '"EEEE, DD-MMM-YY"', '"hh:mm:ssZ"', '"HH:mm AA"', '"H:m aa"', '"\'at\' hh"', '"YYY"', '"D/M/YY h m s ZZZZZ"', '"MMMM EEE"', '"X"'),
    "time": ('"2017-11-22T00:00:00Z"', '"2018-01-02T23:12:01-08:00"', '"2024-02-29T12:30:45.123Z"', '"2017-11-22"', '"2017-11-22T00:00:00+05:30"', '"x"',
             '"1999-12-31T23:59:60Z"', '"2017-13-22T00:00:00Z"'),
    "duration": ('"10m"', '"-1h30m"', '"1.5h"', '"100ms"', '"1d"', '""', '"48h"', '"1us1ns"', '"0"', '"+5s"'),
    "json": ('"{\\"a\\":1,\\"b\\":[true,null]}"', '"[1,2.5,1e3]"', '"\\"x\\""', '"null"', '"{"', '"{\\"a\\":1,\\"a\\":2}"', '"[]"', '"1 2"', '"12345678901234567890123"',
             '"{\\"k\\":\\"\\\\u00e9\\"}"', 'jsonencode({a=[1,"b"],c=null})', '"-0"', '"01"', '"[[1],[2]]"', '"\\"\\\\ud83d\\\\ude00\\""'),
    "yaml": ('"a: 1\\nb: [x, y]\\n"', '"- 1\\n- true\\n- ~\\n"', '"x"', '"{a: 1"', '"a: |\\n  l1\\n  l2\\n"', '"&x a"', '"a: &y 1\\nb: *y\\n"', '"1e3"', '"0x1f"', '"yes"',
             '"2001-12-14"', '"\'it\'"', '""', '"a: 1\\na: 2\\n"', '"- - 1\\n  - 2\\n"', '"? a\\n: b\\n"', '"0o17"', '"a: >-\\n  x\\n  y\\n"', '".5"', '"--- 1\\n--- 2\\n"', '"!!str 1"',
             'yamlencode({a=[1,{b="x: y"}],c=null})', '"a: \\"\\\\u00e9\\"\\n"', '"<<: {a: 1}\\nb: 2\\n"', '"017"', '"1_000"', '"+1"', '"-.5"', '"1."'),
    "digits": ('"10"', '"ff"', '"-7"', '"z"', '"0x1f"', '""', '"1.5"', '"1e3"', '"12345678901234567890123456789"', '"١"', '" 1"', '"1_0"', '"+5"', '"-0"', '".5"', '"5."', '"ZZ"',
               '"1e-3"', '"00012"', '"NaN"'),
    "radix": ('2', '8', '10', '16', '36', '62', '1', '63', '"10"', '0'),
    "width": ('0', '1', '2', '"4"'),
    "positive": ('1', '2', '10', '100', '0.5', '8', '1e10', '16'),
    "base": ('2', '10', '16', '3'),
    "step": ('1', '2', '-1', '0.5', '0', '-2'),
    "pattern": ('"[a-z]+"', '"(a)(b)?"', '"(?P<x>[a-z])(?P<y>.)"', '"^"', '"$"', '"x*"', '"("', '"\\\\d+"', '"[[:alpha:]]"', '"."', '"(?i)A"', '"a|b"', '"\\\\bw"', '"é"', '"(?P<n>z)?"', '"\\\\pL+"', '""',
                '"(?s).+"', '"a{1,2}"', '"(?:x)y"', '"\\\\S"', '"(a)|b"'),
    "slashed": ('"/[a-z]/"', '"/(.)(.)/"', '"/"', '"//"', '"/x*/"', '"/(/"', '"/(?P<f>a)/"', '"a"', '""', '"/\\\\s+/"', '"/^/"', '"/$/"'),
    "template": ('"t.tftpl"', '"more/one.tftpl"', '"more/fn.tftpl"', '"more/bad.tftpl"', '"rec.tftpl"', '"none.tftpl"', '"more/json.tftpl"'),
    "deferred": ("local.unkd", "local.sec", "local.tpl"),
    "charset": ('"UTF-8"', '"UTF-16LE"', '"ISO-8859-1"', '"windows-1252"', '"us-ascii"', '"nope"', '"Shift_JIS"', '"UTF-16BE"', '"utf8"'),
    "bool": ('"true"', '"false"', '"1"', '"0"', '"True"', '"TRUE"', '"yes"', '""', '1', 'true'),
    "namespace": ('"dns"', '"url"', '"oid"', '"x500"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"nope"'),
    "lists": ('{a=["x","y"],b=["y"]}', '{}', '{a=[]}', '{a=["1",2]}', 'tomap({k=tolist(["z"])})', '{a="x"}', '{a=[null]}', '{é=["b","a","b"]}'),
}  # fmt: skip
_LEAVES: dict[str, Sequence[str]] = {
    "s": ('"a"', '"b"', '""', '"hello world"', '"héllo"', '"👨‍👩‍👧x"', '"a,b,c"', '"12"', '"-1.50"', '"true"', '"A-b_C"', '" x\\t"', '"a\\nb\\n"', '"null"', '"${1+1}"', '"a$${b}"',
          '"e\\u0301"', '"\\u0301x"', '"ǆ"', '"İi"', '"<&>"', '"日本"', '"x/y"', '"\\"q\\""', 'path.module', 'terraform.workspace', '"%s"', '"0"', '"z"'),
    "n": ("0", "1", "2", "-1", "1.5", "0.1", "1e3", "100", "7", "-2.75", "123456789012345678901234567890", "1e-7", "3.14159", "-0.5", "1/3", "9007199254740993", "255", "1e30"),
    "i": ("0", "1", "2", "3", "-1", "8", "4", "16", '"2"', "1.5", "5"),
    "b": ("true", "false", "1 == 1", '"true"', "1 > 2"),
    "B": ("[true, false]", "[]", "[true]", '["true", true]', "[local.unkb, false]", "[null, true]", "[local.unkb]", "tolist([true, true])"),
    "L": ('["a","b"]', '["b","a","b"]', "[]", 'tolist(["x"])', '["a",""]', 'split(",","c,a,b")', '["1","10","9"]', '["é","e","z","Z"]', 'tolist(["a",null])', '["a",null,"b"]', 'terraform_data.c[*].input'),
    "N": ("[1,2,3]", "[]", "tolist([3,1])", "[1.5,-1]", "range(3)", '["1",2]', "[1e20, 1]", "[0]"),
    "S": ('toset(["b","a"])', 'toset([])', 'toset(["x","y","x"])', 'toset(["é","z"])', "toset([1,2])", 'toset(["1","10","2"])'),
    "M": ('tomap({a="1",b="2"})', 'tomap({})', '{a="x",b="y"}', 'tomap({é="u",z="w"})', "tomap({a=1})", "tomap({a=null})"),
    "O": ('{a=1,b="x"}', "{}", '{a={b=[1,2]},c=null}', '{"k-1"=true}', 'terraform_data.f', "module.n.a", '{n="N",l=["x"]}', '{x="s",a=2}', '{name="n",ports=[1,2]}', "{b=2,a=1,c=[]}"),
    "A": ("[1,2]", '["a",1]', "[[1],[2,3]]", "[[],[\"a\"]]", "[{a=1},{a=2}]", '[{a=1},{b="x"}]', "[null]", "[1,null,\"\"]", 'tolist([["a"],[]])', "[]", "[true,1]", "[[1],\"x\"]",
          'toset([1,"1"])', 'toset([[1],[2]])', "terraform_data.c[*].input", "[1.0,1]", "module.fe", "[{a=1},{a=\"1\"}]"),
}  # fmt: skip
_SPECIALS: dict[str, Sequence[str]] = {
    "s": ("local.unk", "local.unkd", '"p-${local.unk}"', '"${local.unk}-s"', "local.sec", 'sensitive("é")', "null", "terraform_data.c[1].id", 'tostring(null)', 'local.unkl[0]'),
    "n": ("local.unkn", "sensitive(5)", "null", "length(local.unkl)", "local.unkn + 1", "tonumber(null)"),
    "i": ("local.unkn", "sensitive(1)", "null"),
    "b": ("local.unkb", "sensitive(true)", "null", "local.unk == \"x\"", "!local.unkb"),
    "B": ("local.unkd", "sensitive([true])", "null"),
    "L": ("local.unkl", '["a",local.unk]', "sensitive([\"a\",\"b\"])", '["a",local.sec]', "[local.unk]", "terraform_data.c[*].id", "null", "sort(local.unkl)"),
    "N": ("[local.unkn,1]", "sensitive([1])", "[for x in local.unkl : length(x)]", "null"),
    "S": ("toset(local.unkl)", "toset([local.unk])", 'toset(["a",local.unk])', 'toset(["a",local.sec])', "null"),
    "M": ("local.unkm", "local.unkmap", "tomap({a=local.unk})", 'tomap({a=local.sec})', "null"),
    "O": ("{a=local.unk,b=1}", "{a=local.sec}", "local.unkm", "terraform_data.unk", "sensitive({a=1})", "null", "module.o.a"),
    "A": ("[local.unk,1]", "local.unkd", "[local.sec,2]", "local.unkl", "sensitive([1,\"a\"])", "null", "[[local.unk],[1]]", "toset([local.unkn,1])"),
}  # fmt: skip
_KINDS = "snbLNSMOA"


class Inventor:
    """Draws expressions from one random source."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.calls: list[tuple[str, tuple[str, ...], str]] = []
        for entry in _SIGNATURES.replace("\n", "|").strip("|").split("|"):
            head, _, result = entry.partition(":")
            name, *kinds = head.split()
            self.calls.append((name, tuple(kinds), result))

    def expressions(self, count: int) -> Iterator[tuple[str, str]]:
        """So many pairs of a label, which is the function or construct that was asked for, and an expression."""
        rounds = [*self.calls, *[(name, (), "") for name in _CONSTRUCTS]]
        for number in range(count):
            name, kinds, result = rounds[number % len(rounds)] if number < len(rounds) else self.dice.choice(rounds)
            if result or kinds:
                yield name, self._wrapped(self._call(name, kinds, 0), result)
            else:
                yield name, self._construct(name, 0)

    def _wrapped(self, text: str, result: str) -> str:
        """What depends on the machine is hidden behind its length; some of the rest goes on into something else."""
        if result == "-":
            return f"can({text})"
        if self.dice.random() > 0.3:
            return text
        match result:
            case "s":
                return self.dice.choice(
                    (f'"<${{{text}}}>"', f"length({text})", f"[{text}]", f"jsonencode({text})", f"{text} == {self._leaf('s')}")
                )
            case "n":
                return self.dice.choice((f"{text} + 1", f'"${{{text}}}"', f"{text} > 1", f"jsonencode({text})", f"-{text}"))
            case "L" | "N" | "A" | "S":
                return self.dice.choice(
                    (
                        f"[for x in {text} : x]",
                        f"{text}[*]",
                        f"length({text})",
                        f"jsonencode({text})",
                        f"{text}[0]",
                        f"[{text}...]" if False else f"concat({text}...)",
                    )
                )
            case "M" | "O":
                return self.dice.choice(
                    (f"{{for k, v in {text} : k => v}}", f"keys({text})", f"{text}.a", f'{text}["b"]', f"jsonencode({text})")
                )
            case _:
                return self.dice.choice((f"jsonencode({text})", f"[{text}]", f"{text} == null", f"tostring({text})"))

    def make(self, kind: str, depth: int) -> str:
        """An expression that gives a value of the kind, most times."""
        if kind.startswith("<"):
            return self.dice.choice(_TEXTS[kind[1:-1]]) if self.dice.random() > _WRONG else self.make("s", depth + 1)
        if kind == "c":
            kind = self.dice.choice("LNSMOA")
        if kind == "x" or self.dice.random() < _WRONG:
            kind = self.dice.choice(_KINDS)
        if depth >= _DEEPEST or self.dice.random() < 0.55 or kind in "iB":
            return self._leaf(kind)
        if self.dice.random() < 0.6:
            fitting = [call for call in self.calls if call[2] == kind]
            if fitting:
                name, kinds, _ = self.dice.choice(fitting)
                return self._call(name, kinds, depth + 1)
        return self._grown(kind, depth + 1)

    def _leaf(self, kind: str) -> str:
        return self.dice.choice((_SPECIALS if self.dice.random() < _SPECIAL else _LEAVES)[kind])

    def _call(self, name: str, kinds: Sequence[str], depth: int) -> str:
        arguments: list[str] = []
        for kind in kinds:
            times = self.dice.choice((0, 1, 1, 2)) if kind.endswith("*") else 1
            arguments += [self.make(kind.rstrip("*"), depth + 1) for _ in range(times)]
        if arguments and self.dice.random() < 0.02:
            arguments.pop()
        if len(arguments) > 1 and self.dice.random() < 0.02:
            return f"{name}([{', '.join(arguments)}]...)"
        return f"{name}({', '.join(arguments)})"

    def _grown(self, kind: str, depth: int) -> str:
        """An operator, a conditional, a for, a template: what gives this kind without a function."""
        make, pick = self.make, self.dice.choice
        if pick((0, 0, 1)):
            return f"({make('b', depth)} ? {make(kind, depth)} : {make(kind, depth)})"
        match kind:
            case "s":
                return pick(
                    (
                        f'"x${{{make("s", depth)}}}"',
                        f'"${{{make("n", depth)}}}${{{make("s", depth)}}}"',
                        f"{make('L', depth)}[0]",
                        f'{make("M", depth)}["a"]',
                        self._directive(depth),
                    )
                )
            case "n":
                return f"({make('n', depth)} {pick('+-*/%')} {make('n', depth)})"
            case "b":
                operator = pick(("==", "!=", "&&", "||", "<", ">="))
                of = "b" if operator in {"&&", "||"} else "n" if operator in {"<", ">="} else pick("snbLMOA")
                return f"({make(of, depth)} {operator} {make(of, depth)})"
            case "L" | "N" | "A":
                source = make("c", depth)
                return pick((f"[for v in {source} : v]", f"[for k, v in {source} : k]", f"[for v in {make('L', depth)} : upper(v) if v != {make('s', depth)}]", f"[{make(kind.lower() if kind != 'A' else 'x', depth) if kind != 'L' else make('s', depth)}, {make('x', depth)}]",
                             f"{make('A', depth)}[*]", f"{make('A', depth)}[*].a"))  # fmt: skip
            case "S":
                return f"toset({make('L', depth)})"
            case "M" | "O":
                source = make("c", depth)
                return pick(
                    (
                        f"{{for k, v in {source} : k => v}}",
                        f"{{for v in {make('L', depth)} : v => v...}}",
                        f"{{a = {make('x', depth)}, b = {make('x', depth)}}}",
                        f"{{({make('s', depth)}) = {make('x', depth)}}}",
                    )
                )
            case _:
                return self._leaf(kind)

    def _directive(self, depth: int) -> str:
        return self.dice.choice((
            f'"%{{ if {self.make("b", depth)} }}y${{{self.make("s", depth)}}}%{{ else }}n%{{ endif }}"',
            f'"%{{ for k, v in {self.make("c", depth)} }}${{k}}=${{jsonencode(v)}};%{{ endfor }}"',
            f'"%{{ for v in {self.make("L", depth)} ~}} ${{v}} %{{~ endfor }}"',
        ))  # fmt: skip

    def _construct(self, name: str, depth: int) -> str:
        make, pick = self.make, self.dice.choice
        depth += 1
        match name:
            case "conditional":
                return f"{make('b', depth)} ? {make('x', depth)} : {make('x', depth)}"
            case "conditional of a kind":
                kind = pick(_KINDS)
                return f"{make('b', depth)} ? {make(kind, depth)} : {make(kind, depth)}"
            case "for tuple":
                return pick(
                    (
                        f"[for v in {make('c', depth)} : {{v = v}}]",
                        f'[for k, v in {make("c", depth)} : "${{k}}"]',
                        f"[for v in {make('c', depth)} : v if {make('b', depth)}]",
                        f"[for v in {make('A', depth)} : try(v.a, v)]",
                    )
                )
            case "for object":
                return pick(
                    (
                        f"{{for k, v in {make('c', depth)} : k => v}}",
                        f"{{for k, v in {make('c', depth)} : v => k...}}",
                        f"{{for v in {make('L', depth)} : v => length(v)}}",
                        f"{{for k, v in {make('O', depth)} : upper(k) => v if {make('b', depth)}}}",
                        f'{{for k, v in {make("c", depth)} : "x" => v...}}',
                    )
                )
            case "splat":
                return f"{make(pick('AAOxLS'), depth)}{pick(('[*]', '[*].a', '.*.a', '[*].id', '[*][0]', '.*.a[0]', '[*].a.b'))}"
            case "template":
                return pick(
                    (
                        f'"${{{make("x", depth)}}}"',
                        f'"a${{{make("s", depth)}}}b${{{make("n", depth)}}}"',
                        self._directive(depth),
                        f"<<EOT\n  x ${{{make('s', depth)}}}\n    y\nEOT\n",
                        f"<<-EOT\n  %{{ for v in {make('L', depth)} ~}}\n    - ${{v}}\n  %{{ endfor ~}}\n  end\nEOT\n",
                    )
                )
            case "index":
                return pick(
                    (
                        f"{make('A', depth)}[{make('i', depth)}]",
                        f"{make('O', depth)}.a",
                        f"{make('M', depth)}[{make('s', depth)}]",
                        f'{make("O", depth)}["{pick("abx")}"]',
                        f"{make('x', depth)}.{pick(('a', 'id', '0'))}",
                        f"{make('x', depth)}[{make('x', depth)}]",
                    )
                )
            case "arithmetic":
                return f"{make('n', depth)} {pick('+-*/%')} {make('n', depth)} {pick('+-*/%')} {make('n', depth)}"
            case "comparison":
                return f"{make('n', depth)} {pick(('<', '<=', '>', '>='))} {make('n', depth)}"
            case "equality":
                kind = pick(_KINDS)
                return f"{make(kind, depth)} {pick(('==', '!='))} {make(pick((kind, kind, kind, 'x')), depth)}"
            case "logic":
                return f"{pick(('', '!'))}{make('b', depth)} {pick(('&&', '||'))} {make('b', depth)}"
            case _:
                return pick(
                    (
                        f"[{make('x', depth)}, {make('x', depth)}]",
                        f"{{a = {make('x', depth)}, b = {make('x', depth)}}}",
                        f"{{({make('s', depth)}) = {make('x', depth)}, ({make('n', depth)}) = 1}}",
                        f"[{make('A', depth)}, {make('O', depth)}]",
                    )
                )


_CONSTRUCTS = ("conditional", "conditional of a kind", "for tuple", "for object", "splat", "template", "index", "arithmetic", "comparison", "equality", "logic", "literal") * 3  # fmt: skip
