"""What could not be evaluated, and why, is told in Korean as it is in English; only what Terraform itself would print stays English."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from clops_app.adapters.checkov import Checkov
from clops_app.adapters.disk import read_directory
from clops_app.adapters.infracost import Infracost
from clops_app.adapters.modules import ModuleDownloads
from clops_app.graph.document import graph_document
from clops_app.graph.leaves import leaves
from clops_app.language import Language, speaking
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.model.values import Unknown
from clops_app.ports import Checkout
from clops_app.terraform.plan_json import Plan, read_plan
from clops_app.usecases.config import BudgetLimit, Config, TerraformInputs
from clops_app.usecases.question import Compared, Question
from clops_app.usecases.review_change import review_change
from clops_app.usecases.second_opinion import with_checkov, with_infracost
from clops_app.usecases.think import mind
from tests.adapters.repositories import repository, write
from tests.entrypoints.processes import clops
from tests.terraform.plans import block, change, code, document, text

TODAY = date(2026, 11, 21)
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
VOLUME = 'resource "aws_ebs_volume" "a" {\n  availability_zone = "us-east-1a"\n  size = 10\n  type = "gp2"\n}\n'
HANGUL = re.compile("[가-힣]")

FILES: dict[str, dict[str, str]] = {
    "values that nobody gives": {
        "main.tf": """
variable "n" {}
variable "names" {
  type = list(string)
}
variable "odd" {
  type    = number
  default = "many"
}
resource "aws_instance" "a" {
  count         = var.n
  instance_type = var.names[0]
  ami           = data.aws_ami.x.id
  user_data     = file("/etc/hostname")
}
data "aws_ami" "x" {
  most_recent = true
}
resource "aws_autoscaling_group" "g" {
  max_size = var.n
}
resource "aws_db_instance" "d" {
  identifier     = "d-${uuid()}"
  engine_version = timestamp()
  password       = bcrypt("x")
  subnet_ids     = [file("out.tf")]
}
output "o" {
}
""",
        "terraform.tfvars": "other = 1\n",
    },
    "modules": {
        "main.tf": PROVIDER
        + """
module "a" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "3.0.0"
}
module "b" {
  source = "./gone"
}
module "c" {
  source = "../out"
}
module "d" {
  source          = "terraform-aws-modules/vpc/aws"
  outpost_subnets = ["x"]
}
module "e" {
  source = "someone/thing/aws"
}
module "f" {
  source = var.x
}
module "g" {
  source = "./m"
  nam    = 3
}
module "h" {
  source  = "terraform-aws-modules/ec2-instance/aws"
  version = "4.0.0"
}
module "i" {
  source = "git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=main"
}
module "j" {
  source  = "terraform-aws-modules/vpc/aws//modules/none"
  version = "5.0.0"
}
resource "aws_instance" "a" {
  ami           = module.e.ami
  instance_type = module.d.nothing
}
""",
        "m/main.tf": 'variable "name" {}\nmodule "self" {\n  source = "./"\n}\n',
    },
    "mistakes": {
        "main.tf": PROVIDER
        + """
resource "x" {
}
if "a" {
}
unknwon {
}
locals {
  a = local.b
  b = local.a
  c = loca.a
  d = 1 + "x"
  e = var.nothing
  f = vars.x
  g = name
  h = each.key
  i = aws_s3_bucket.two.id
  j = aws_s3_bucket.once[0].id
  k = null
  l = aws_s3_bucket.once.bukcet
  m = path.modul
  n = True
  o = fil("x")
  p = [for i in range(2000) : i]
}
resource "aws_s3_bucket" "once" {
  bukcet = "a"
}
resource "aws_s3_bucket" "once" {
  bucket = "a"
}
resource "aws_s3_bucket" "two" {
  count = 2
}
resource "aws_s3_bucket" "many" {
  count = 20000
}
resource "aws_s3_bucket" "both" {
  count    = 1
  for_each = {}
}
resource "aws_s3_bucket" "list" {
  for_each = ["a"]
}
resource "aws_s3_bucket" "less" {
  count = -1
}
resource "aws_s3_bucket" "wrong" {
  bucket = ["a"]
}
resource "aws_security_group" "s" {
  dynamic "ingress" {
    for_each = 3
    content {
      from_port = 1
    }
  }
  dynamic "egress" {
    for_each = fil("x")
    content {
    }
  }
  dynamic "timeouts" {
  }
}
output "q" {
  value = aws_nothing.x
}
""",
        "broken.tf": 'resource "aws_instance" "a" {\n  ami =\n}\n',
        "m/main.tf": "",
    },
    "a root of which nothing can be read": {"main.tf": 'resource "aws_x {'},
    "no code": {"README.md": "x"},
    "Terragrunt": {"a/terragrunt.hcl": 'terraform {\n  source = "../m"\n}\n', "m/main.tf": 'resource "aws_vpc" "v" {\n}\n'},
    "a module that nobody calls": {
        "app/main.tf": PROVIDER,
        "modules/a/main.tf": 'variable "x" {}\n',
        "modules/b/main.tf": 'variable "x" {}\n',
    },
}
CONFIGS = {
    "values that nobody gives": Config(terraform=TerraformInputs(vars={"nope": 1}, var_files=("gone.tfvars",))),
    "no code": Config(roots=("infra/*",)),
}
_TERRAFORMS_OWN = ("could not be evaluated: ", "syntax error: ", "does not fit its type", "is not of the type that the provider wants")


LANGUAGES: tuple[Language, ...] = ("en", "ko")


def told(
    language: Language, head: Checkout, base: Checkout | None = None, config: Config | None = None, plan: Plan | None = None
) -> Review:
    with speaking(language):
        compared = None if base is None else Compared(base, "main")
        return review_change(mind(Question(TODAY, config or Config(), ".clops.yml", plan=plan)), head, compared)


def said_alike(english: tuple[Diagnostic, ...], korean: tuple[Diagnostic, ...]) -> None:
    """The same in the same order, and each in its language."""
    places = [[(one.where.replace(" and ", ", "), one.fatal, one.lost) for one in each] for each in (english, korean)]
    assert places[0] == places[1]
    for ours, theirs in zip(english, korean, strict=True):
        assert not HANGUL.search(ours.what + ours.why)
        assert HANGUL.search(theirs.what), theirs
        assert HANGUL.search(theirs.why) or any(words in ours.what for words in _TERRAFORMS_OWN), theirs


@pytest.mark.parametrize("name", FILES)
def test_whatever_is_wrong_is_told_in_korean_and_judged_alike(name: str, tmp_path: Path) -> None:
    write(tmp_path, FILES[name])
    if name != "no code":
        (tmp_path / "out.tf").symlink_to("/etc/hostname")
    head, config = read_directory(str(tmp_path)), CONFIGS.get(name)
    english, korean = (told(language, head, config=config) for language in LANGUAGES)
    assert english.diagnostics
    said_alike(english.diagnostics, korean.diagnostics)
    assert english.verdict == korean.verdict
    assert [one.fingerprint for one in english.findings] == [one.fingerprint for one in korean.findings]
    assert [one.root for one in korean.roots if not HANGUL.search(one.why)] == []


def reasons(review: Review) -> list[str]:
    """Why each unknown value of the review's resources and outputs is unknown."""
    configurations = [root.graph.configuration for root in review.roots]
    values = [resource.values for each in configurations for resource in each.resources] + [each.outputs for each in configurations]
    unknown = [leaf.why for value in values for _, leaf in leaves(value) if isinstance(leaf, Unknown)]
    return unknown + [each.index.why for one in configurations for each in one.resources if isinstance(each.index, Unknown)]


@pytest.mark.parametrize("name", FILES)
def test_the_reason_why_a_value_is_not_known_is_korean(name: str, tmp_path: Path) -> None:
    write(tmp_path, FILES[name])
    english, korean = (told(language, read_directory(str(tmp_path))) for language in LANGUAGES)
    assert len(reasons(english)) == len(reasons(korean))
    assert [why for why in reasons(korean) if not HANGUL.search(why)] == []
    assert [why for why in reasons(english) if HANGUL.search(why)] == []


def test_the_reasons_of_many_kinds_were_looked_at(tmp_path: Path) -> None:
    for name in ("values that nobody gives", "modules"):
        write(tmp_path / name.split()[0], FILES[name])
    found = " ".join(reasons(told("ko", read_directory(str(tmp_path)))))
    for words in ("기본값이 없고", "apply 후에", "AWS에서 읽습니다", "내려받지 않은 모듈", "매번 다릅니다", "실행되는 시각", "저장소 밖"):
        assert words in found


def test_a_change_that_leaves_roots_alone_says_so(tmp_path: Path) -> None:
    disk = 'resource "aws_ebs_volume" "a" {\n  availability_zone = "us-east-1a"\n  size = 10\n}\n'
    write(tmp_path / "base", {f"{name}/main.tf": PROVIDER + disk for name in ("a", "b", "c", "gone")})
    write(tmp_path / "head", {f"{name}/main.tf": PROVIDER + disk for name in ("b", "c")} | {"a/main.tf": PROVIDER})
    head, base = (read_directory(str(tmp_path / side)) for side in ("head", "base"))
    korean = told("ko", head, base)
    said_alike(told("en", head, base).diagnostics, korean.diagnostics)
    assert [one.what for one in korean.diagnostics] == ["루트 2개를 평가하지 않았습니다"]
    assert {root.root: root.why for root in korean.roots}["gone"] == "이 변경으로 제거됩니다"
    priced = told("ko", head, base, Config(budget=BudgetLimit(monthly_usd=Decimal(100))))
    assert "비용만 계산했습니다" in {root.root: root.why for root in priced.roots}["b"]


def test_what_was_read_before_the_language_was_known_is_said_in_it(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER, "a.tf": "", "b.tf": ""})
    head = read_directory(str(tmp_path), limit=2)
    assert [one.what for one in head.diagnostics] == ["only 2 files and directories were looked at"]
    english, korean = told("en", head), told("ko", head)
    assert english.diagnostics[0].what == "only 2 files and directories were looked at"
    assert korean.diagnostics[0].what == "파일과 디렉터리를 2개까지만 살펴보았습니다"
    said_alike(english.diagnostics, korean.diagnostics)


def test_what_a_plan_makes_good_is_not_told_to_be_unreviewed_in_korean_either(tmp_path: Path) -> None:
    call = 'module "web" {\n  source = "someone/web/aws"\n}\nresource "aws_vpc" "gone" {\n}\n'
    write(tmp_path, {"main.tf": PROVIDER + call})
    root = code(block("aws_vpc.other"), calls={"web": {"module": code(block("aws_vpc.v"))}})
    made = (change("module.web.aws_vpc.v", {"cidr_block": "10.0.0.0/16"}), *(change(f"aws_vpc.other[{n}]", {}) for n in range(5)))
    plan = read_plan(text(document(root, *made)))
    english, korean = (told(language, read_directory(str(tmp_path)), plan=plan) for language in LANGUAGES)
    said_alike(english.diagnostics, korean.diagnostics)
    assert [one.why.partition(".")[0] for one in korean.diagnostics if "module.web" in one.what] == ["리소스를 플랜에서 가져왔습니다"]
    assert any("외 2개: 다른 코드로 만든 플랜입니다" in one.why for one in korean.diagnostics)


def test_an_output_that_could_not_be_evaluated_is_told_apart_in_any_language(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + 'output "a" {\n  value = 1 + "x"\n}\nvariable "v" {}\noutput "b" {\n  value = var.v\n}\n'})
    head = read_directory(str(tmp_path))
    for language in LANGUAGES:
        review = told(language, head)
        with speaking(language):
            outputs = graph_document(review.roots[0].graph, head.tree)["outputs"]
        assert {name: [*each] for name, each in cast("dict[str, dict[str, str]]", outputs).items()} == {"a": ["error"], "b": ["unknown"]}


def test_other_tools_that_say_nothing_are_explained(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + 'module "a" {\n  source = "someone/thing/aws"\n}\n'})
    head = read_directory(str(tmp_path))
    said: dict[Language, tuple[Diagnostic, ...]] = {}
    for language in LANGUAGES:
        with speaking(language):
            brought = ModuleDownloads({"PATH": "/nonexistent", "HOME": str(tmp_path)}).brought(head)
            thinking = mind(Question(TODAY))
            with (
                with_checkov(thinking, head, None, Checkov({"PATH": "/nonexistent"})) as heard,
                with_infracost(thinking, head, None, Infracost({"PATH": "/nonexistent"})) as priced,
            ):
                review = heard(review_change(thinking, head, None))
                said[language] = (*brought.diagnostics, *review.diagnostics, *priced([])[1])
    assert len(said["ko"]) == 4
    said_alike(said["en"], said["ko"])


# -- the command line -------------------------------------------------------------------------------------------------


def test_the_command_line_speaks_the_language_of_the_settings(tmp_path: Path) -> None:
    write(tmp_path, {".clops.yml": "language: ko\n", "main.tf": VOLUME + 'output "o" {\n  value = var.size\n}\n'})
    ended = clops("review", tmp_path)
    assert ended.code == 0, ended.stderr
    assert ended.stderr.splitlines() == ["비교할 대상이 없습니다: git 기록이 없습니다. 모든 것을 새로운 것으로 봅니다."]
    for words in (
        "지적 사항",
        "AWS 프로바이더에 리전이 지정되지 않았습니다",
        "output.o 평가에 실패했습니다: Reference to undeclared",
    ):
        assert words in ended.stdout
    fixed = clops("fix", tmp_path, "--rule", "aws/gp2_volume")
    assert '+  type = "gp3"' in fixed.stdout
    assert "아무것도 바꾸지 않았습니다. --write 옵션을 붙이면 이 변경을 적용합니다." in fixed.stderr
    assert all(HANGUL.search(line) for line in fixed.stderr.splitlines())
    written = clops("fix", tmp_path, "--rule", "aws/gp2_volume", "--write")
    assert "파일 1개를 변경했습니다: main.tf. 되돌리려면: 위에 출력된 diff를 저장해" in written.stderr


def test_what_was_compared_is_said_in_the_language_of_the_settings(tmp_path: Path) -> None:
    top = repository(tmp_path, {".clops.yml": "language: ko\n", "main.tf": PROVIDER})
    assert "지금 커밋이 main 브랜치에 이미 있고 변경 사항이 없습니다" in clops("review", top).stderr
    write(top, {"main.tf": PROVIDER + VOLUME})
    ended = clops("review", top, "--format", "markdown")
    assert ("main 브랜치와의 병합 기점 대비" in ended.stdout, ended.stderr) == (True, "")


def test_what_goes_wrong_before_the_settings_are_known_stays_english(tmp_path: Path) -> None:
    write(tmp_path, {".clops.yml": "language: ko\nbudgett: 3\n"})
    ended = clops("review", tmp_path)
    assert ended.code == 2
    assert "'budgett' is not a key" in ended.stderr
    assert not HANGUL.search(ended.stderr)
    assert not HANGUL.search(clops("--help").stdout)
