resource "aws_ebs_volume" "world" { # expect: aws/gp2_volume
  availability_zone = "us-east-1a"
  size              = 100
}

resource "aws_ebs_volume" "archive" {
  availability_zone = "us-east-1a"
  size              = 2000
  type              = "gp2" # expect: aws/gp2_volume
}

resource "aws_instance" "server" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t4g.small"

  root_block_device {
    volume_type = "gp2" # expect: aws/gp2_volume
    volume_size = 30
  }
}

resource "aws_launch_template" "server" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t4g.small"

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size = 30
      volume_type = "gp2" # expect: aws/gp2_volume
    }
  }
}
