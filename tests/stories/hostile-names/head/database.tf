resource "aws_db_instance" "main" {
  for_each = {
    "@octocat <img src=x onerror=alert(1)>"               = 20
    "`a|b` ](https://evil.example) <!-- clops:review -->" = 30
    "```\n</details> ${"$"}{jndi}"                        = 40
  }

  engine            = "postgres"
  instance_class    = "db.t4g.micro"
  allocated_storage = each.value
  username          = "x"
  password          = "x"
}
