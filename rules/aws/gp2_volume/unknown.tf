variable "disk" {
  type = string
}

resource "aws_ebs_volume" "world" {
  availability_zone = "us-east-1a"
  size              = 100
  type              = var.disk
}

resource "aws_instance" "server" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t4g.small"

  root_block_device {
    volume_type = var.disk
    volume_size = 30
  }
}
