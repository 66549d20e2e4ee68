resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_security_group" "server" {
  name   = "server"
  vpc_id = aws_vpc.main.id

  ingress {
    description = "SSH"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"] # expect: aws/ssh_open_to_world
  }

  ingress {
    description = "The game"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "bots" {
  name   = "bots"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group_rule" "bots_ssh" {
  security_group_id = aws_security_group.bots.id
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["203.0.113.7/32", "0.0.0.0/0"] # expect: aws/ssh_open_to_world
}

resource "aws_vpc_security_group_ingress_rule" "bots_ssh_v6" {
  security_group_id = aws_security_group.bots.id
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
  cidr_ipv6         = "::/0" # expect: aws/ssh_open_to_world
}
