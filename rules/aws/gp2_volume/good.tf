locals {
  disk = "gp3"
}

resource "aws_ebs_volume" "world" {
  availability_zone = "us-east-1a"
  size              = 100
  type              = local.disk
}

resource "aws_ebs_volume" "fast" {
  availability_zone = "us-east-1a"
  size              = 100
  type              = "io2"
  iops              = 5000
}

# Takes the type of its image.
resource "aws_instance" "server" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t4g.small"

  root_block_device {
    volume_size = 30
  }
}
