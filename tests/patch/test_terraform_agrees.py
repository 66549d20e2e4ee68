"""What `terraform fmt` had no wish to change, it has no wish to change after a patch; and git takes the diff."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from clops_app.model.finding import AddBlock, AddResource, Change, Code, NewBlock, RemoveAttribute, SetAttribute
from clops_app.patch.diff import unified_diff
from tests.patch.workbench import changed, tree_of

MAIN = """\
# Everything a small game needs.
resource "aws_db_instance" "main" {
  engine            = "postgres"
  instance_class    = "db.t3.micro" # small
  allocated_storage = 20            # GiB
  multi_az          = false

  tags = {
    Name = "accounts" # of players
  }

  timeouts {
    create = "1h"
  }
}

resource "aws_sqs_queue" "jobs" { name = "jobs" }

resource "aws_instance" "game" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  user_data     = <<-EOT
    #!/bin/sh
    if true; then echo "hello = there"; fi
  EOT

  vpc_security_group_ids = [
    aws_security_group.game.id, # the only one
  ]
}

resource "aws_security_group" "game" {
  name = "game"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  dynamic "egress" {
    for_each = ["tcp", "udp"]
    content {
      from_port = 0
      to_port   = 0
      protocol  = egress.value
    }
  }
}
"""
TOPIC = NewBlock("resource", ("aws_sns_topic", "alarms"), {"name": "alarms", "kms_master_key_id": Code("null")})
POLICY = NewBlock("resource", ("aws_sns_topic_policy", "alarms"), {"arn": Code("aws_sns_topic.alarms.arn"), "policy": "{}"})
LONG = tuple(f"10.{number}.0.0/16" for number in range(12))

CHANGES: dict[str, tuple[Change, ...]] = {
    "set": (SetAttribute("aws_db_instance.main", "multi_az", True),),
    "add": (SetAttribute("aws_db_instance.main", "backup_retention_period", 7),),
    "add three": tuple(
        SetAttribute("aws_db_instance.main", name, True) for name in ("deletion_protection", "storage_encrypted", "multi_az")
    ),
    "remove": (RemoveAttribute("aws_db_instance.main", "allocated_storage"),),
    "tag": (SetAttribute("aws_db_instance.main", "tags.Environment", "prod"),),
    "tags": (SetAttribute("aws_instance.game", "tags", {"Name": "game", "Environment": "prod"}),),
    "nested": (SetAttribute("aws_security_group.game", "ingress[0].cidr_blocks", LONG),),
    "nested new": (SetAttribute("aws_security_group.game", "ingress[0].description", "from the office"),),
    "dynamic": (SetAttribute("aws_security_group.game", "egress[1].description", "anything"),),
    "block": (AddBlock("aws_instance.game", "", NewBlock("root_block_device", attributes={"encrypted": True, "volume_type": "gp3"})),),
    "block in one line": (SetAttribute("aws_sqs_queue.jobs", "fifo_queue", True), SetAttribute("aws_sqs_queue.jobs", "delay_seconds", 5)),
    "remove block": (RemoveAttribute("aws_security_group.game", "ingress[0]"),),
    "heredoc": (SetAttribute("aws_instance.game", "user_data", "#!/bin/sh\n"), SetAttribute("aws_instance.game", "monitoring", True)),
    "resources": (AddResource("aws_sqs_queue.jobs", TOPIC), AddResource("aws_sqs_queue.jobs", POLICY)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_line_ends_stay_as_they_are(name: str) -> None:
    after = changed({"main.tf": MAIN.replace("\n", "\r\n")}, *CHANGES[name])["main.tf"]
    assert after.replace("\r\n", "\n") == changed({"main.tf": MAIN}, *CHANGES[name])["main.tf"]
    assert after.count("\n") == after.count("\r\n")


def test_git_takes_the_diff_of_every_kind_of_change(tmp_path: Path) -> None:
    for before in (MAIN, MAIN.replace("\n", "\r\n"), MAIN.rstrip("\n")):
        tree = tree_of({"main.tf": before})
        for name, changes in CHANGES.items():
            after = tree_of(changed({"main.tf": before}, *changes))
            (tmp_path / "main.tf").write_bytes(tree.files["main.tf"])
            diff = unified_diff(tree, after, ["main.tf"])
            subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=tmp_path, input=diff.encode(), check=True)
            assert (tmp_path / "main.tf").read_bytes() == after.files["main.tf"], name


@pytest.mark.terraform
def test_fmt_has_nothing_to_do_after_any_kind_of_change(tmp_path: Path) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("NOT PROVEN: there is no terraform binary on this machine")
    (tmp_path / "before.tf").write_text(MAIN)
    for name, changes in CHANGES.items():
        (tmp_path / f"{name.replace(' ', '_')}.tf").write_text(changed({"main.tf": MAIN}, *changes)["main.tf"])
    command = ["terraform", "fmt", "-check", "-diff"]
    clean = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, **clean})
    assert (found.returncode, found.stdout) == (0, "")
