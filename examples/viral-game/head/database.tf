# Accounts and leaderboards move out of the server's disk.
resource "aws_db_instance" "main" {
  identifier        = "pixel-rally"
  engine            = "postgres"
  engine_version    = "17"
  instance_class    = "db.t4g.micro"
  allocated_storage = 20
  storage_type      = "gp2"
  storage_encrypted = true

  username                    = "game"
  manage_master_user_password = true

  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  skip_final_snapshot    = true
}

resource "aws_db_subnet_group" "main" {
  name       = "pixel-rally"
  subnet_ids = [for subnet in aws_subnet.public : subnet.id]
}

resource "aws_security_group" "database" {
  name   = "database"
  vpc_id = aws_vpc.main.id

  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.game.id]
  }
}

resource "aws_cloudwatch_log_group" "game" {
  name = "/pixel-rally/game"
}
