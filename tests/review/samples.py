"""Reviews to render: real Terraform, evaluated; findings and bills written out as the engine would give them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from clops_app.graph.build import build_graph
from clops_app.model.cost import Bill, CostLine, ResourceCost, Unpriced
from clops_app.model.finding import Category, Finding, Patch, Safety, Severity, Status
from clops_app.model.graph import Graph
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Budget, Review
from clops_app.model.source import Edit, SourceTree, Span
from clops_app.review.assemble import RootResult, assemble
from clops_app.rulebook.page import PageSource, RulePage
from clops_app.terraform.evaluate import evaluate

COMMIT = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
BASE = "9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c"
PRICES_DATE = "2025-12-06"

NETWORK = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.0.0/24"
  availability_zone       = "us-east-1a"
  map_public_ip_on_launch = true
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_security_group" "game" {
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""

GAME = """
provider "aws" {
  region = "us-east-1"
}

resource "aws_instance" "game" {
  count                       = COUNT
  ami                         = "ami-0abcdef1234567890"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.public.id
  vpc_security_group_ids      = [aws_security_group.game.id]
  associate_public_ip_address = true
  user_data                   = "DB=${aws_db_instance.main.address}"
}

resource "aws_db_instance" "main" {
  identifier        = "game"
  engine            = "postgres"
  instance_class    = "db.t4g.micro"
  allocated_storage = 20
  username          = "game"
  password          = var.db_password
}

variable "db_password" {
  type      = string
  sensitive = true
}
"""

DATABASE_DIFF = """\
--- a/main.tf
+++ b/main.tf
@@ -17,6 +17,7 @@
 resource "aws_db_instance" "main" {
   identifier        = "game"
   engine            = "postgres"
   instance_class    = "db.t4g.micro"
   allocated_storage = 20
+  backup_retention_period = 7
   username          = "game"
"""


def graph_of(*files: str) -> Graph:
    """The graph of a root made of these files."""
    tree = SourceTree({f"{'abcdefgh'[number]}.tf": text.encode() for number, text in enumerate(files)})
    return build_graph(evaluate(tree, ""))


def game(count: int) -> Graph:
    """A small game: so many servers in one zone, one database."""
    return graph_of(GAME.replace("COUNT", str(count)), NETWORK)


EMPTY = graph_of("")


def line(name: str, quantity: str | None, unit: str, price: str, assumption: str | None = None) -> CostLine:
    return CostLine(
        name,
        None if quantity is None else Decimal(quantity),
        unit,
        Decimal(price),
        assumption,
        "https://aws.amazon.com/pricing",
        PRICES_DATE,
    )


def server(index: int) -> ResourceCost:
    lines = (
        line("t3.micro, Linux, on demand", "730", "hour", "0.0104"),
        line("Data transfer out", None, "GB", "0.09", "depends on usage: set usage.aws_instance.monthly_data_transfer_out_gb"),
    )
    return ResourceCost(f"aws_instance.game[{index}]", "aws_instance", lines)


DATABASE_COST = ResourceCost(
    "aws_db_instance.main",
    "aws_db_instance",
    (line("db.t4g.micro, PostgreSQL, one zone", "730", "hour", "0.016"), line("Storage gp2", "20", "GB", "0.115")),
)


def bill(*resources: ResourceCost, unpriced: Sequence[Unpriced] = (), free: Sequence[str] = ()) -> Bill:
    return Bill(resources, tuple(unpriced), tuple(free), PRICES_DATE)


def patch(title: str, diff: str = DATABASE_DIFF, delta: str | None = "0", safety: Safety = "safe", *, replaces: bool = False) -> Patch:
    edit = Edit(Span("main.tf", 10, 10), "x")
    return Patch(title, (edit,), safety, replaces, diff, None if delta is None else Decimal(delta))


def finding(
    rule: str,
    address: str,
    message: str,
    *,
    title: str | None = None,
    severity: Severity = "high",
    category: Category = "reliability",
    path: str = "main.tf",
    start_line: int = 3,
    status: Status = "new",
    patch: Patch | None = None,
) -> Finding:
    """A finding; the title is its page's where there is one."""
    page = PAGES.get(rule)
    return Finding(
        rule=rule,
        title=title or (page.title if page else rule),
        severity=severity,
        category=category,
        address=address,
        root="",
        path=path,
        start_line=start_line,
        end_line=start_line + 8,
        message=message,
        fingerprint=f"{rule}|{address}",
        span=Span(path, 0, 1),
        status=status,
        patch=patch,
    )


def page(title: str, severity: Severity, category: Category, why: str, fix: str) -> RulePage:
    source = PageSource("Amazon RDS user guide", "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/", date(2026, 11, 21))
    return RulePage(title, severity, category, ("aws_db_instance",), "review", False, "0.1", (source,), f"{title}, as written.", why, fix)


PAGES = {
    "aws/database_without_backups": page(
        "Database keeps no backups",
        "high",
        "reliability",
        "Without backups there is no way back. A deploy that drops a table is the end of the data.",
        "Set `backup_retention_period = 7`. Backups up to the size of your database cost nothing extra.",
    ),
    "aws/single_az_database": page(
        "Database runs in one zone only",
        "medium",
        "reliability",
        "Nothing takes over by itself.",
        "Set `multi_az = true`. It doubles the price.",
    ),
    "aws/single_az_compute": page(
        "All servers stand in one zone", "high", "reliability", "A zone fails now and then.", "Give the servers subnets in two zones."
    ),
    "aws/compute_without_load_balancer": page(
        "Servers without a load balancer", "high", "scalability", "Nothing spreads users.", "Put an `aws_lb` before the servers."
    ),
    "aws/compute_without_autoscaling": page(
        "Servers outside an Auto Scaling group",
        "high",
        "scalability",
        "Nobody replaces them.",
        "Launch them from an `aws_autoscaling_group`.",
    ),
    "aws/ssh_open_to_world": page(
        "SSH is open to the world", "medium", "security", "Scanners find it within minutes.", "Allow your own address only."
    ),
    "aws/gp2_volume": page("Disk of the older kind", "low", "cost", "gp3 costs a fifth less.", 'Set `type = "gp3"`.'),
}


NO_BACKUPS = finding(
    "aws/database_without_backups",
    "aws_db_instance.main",
    "`aws_db_instance.main` keeps no backups: a bad deploy or a lost disk takes every account with it.",
    start_line=17,
    patch=patch("Keep 7 days of backups"),
)
ONE_ZONE_DATABASE = finding(
    "aws/single_az_database",
    "aws_db_instance.main",
    "`aws_db_instance.main` runs in one zone: when that zone or its machine fails, the database is away until it is back.",
    severity="medium",
    start_line=17,
    patch=patch(
        "Keep a second copy in another zone", DATABASE_DIFF.replace("backup_retention_period = 7", "multi_az = true"), "14.98", "review"
    ),
)
GP2 = finding(
    "aws/gp2_volume",
    "aws_db_instance.main",
    "`aws_db_instance.main` has a gp2 disk; gp3 is cheaper and not slower.",
    severity="low",
    category="cost",
    start_line=17,
)
SSH = finding(
    "aws/ssh_open_to_world",
    "aws_security_group.game",
    "Port 22 of `aws_security_group.game` is open to 0.0.0.0/0.",
    severity="medium",
    category="security",
    path="sg.tf",
    start_line=8,
)


def servers(rule: str, message: str, indexes: Iterable[int] = (0, 1), severity: Severity = "high") -> tuple[Finding, ...]:
    return tuple(
        finding(rule, f"aws_instance.game[{i}]", message.replace("ADDRESS", f"aws_instance.game[{i}]"), severity=severity, start_line=6)
        for i in indexes
    )


SERVERS = (
    *servers("aws/single_az_compute", "Both servers stand in us-east-1a: if that zone fails, nobody can play."),
    *servers("aws/compute_without_load_balancer", "Nothing spreads players across the servers of `aws_instance.game`."),
    *servers(
        "aws/compute_without_autoscaling",
        "`aws_instance.game` is in no group: a server that fails stays away, a crowd finds no more of them.",
    ),
)

NO_PASSWORD = Diagnostic(
    "var.db_password has no value", "main.tf:27", "it has no default and no tfvars file sets it; nothing that was checked depends on it"
)
BUDGET = Budget(Decimal(100))


def second_server(**changes: object) -> Review:
    """A pull request adds a second server to a small game that has faults of its own."""
    result = RootResult(
        root="",
        why="it has a provider block",
        graph=game(2),
        bill=bill(
            server(0),
            server(1),
            DATABASE_COST,
            unpriced=[Unpriced("aws_gamelift_fleet.eu", "aws_gamelift_fleet", "no price is known for this type")],
        ),
        findings=(*SERVERS, NO_BACKUPS, ONE_ZONE_DATABASE, SSH, replace(GP2, status="existing")),
        diagnostics=(NO_PASSWORD,),
        base_graph=game(1),
        base_bill=bill(server(0), DATABASE_COST),
    )
    review = assemble([result], commit=COMMIT, base=BASE, budget=BUDGET, rules={rule: page.title for rule, page in PAGES.items()})
    return replace(review, **changes)  # type: ignore[arg-type]
