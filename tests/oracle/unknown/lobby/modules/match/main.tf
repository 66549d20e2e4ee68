variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "group" {
  type = string
}

resource "aws_subnet" "this" {
  vpc_id     = var.vpc_id
  cidr_block = "10.0.200.0/24"
}

resource "aws_instance" "this" {
  count                  = 2
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.this.id
  vpc_security_group_ids = [var.group]

  root_block_device {
    volume_type = "gp2"
    volume_size = 30
  }
}

output "subnet_id" {
  value = aws_subnet.this.id
}
