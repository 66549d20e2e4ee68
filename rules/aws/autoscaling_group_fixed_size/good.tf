resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_autoscaling_group" "web" {
  min_size           = 2
  max_size           = 6
  availability_zones = ["us-east-1a", "us-east-1b"]

  launch_template {
    id = aws_launch_template.web.id
  }
}

# Switched off on purpose.
resource "aws_autoscaling_group" "blue" {
  min_size           = 0
  max_size           = 0
  availability_zones = ["us-east-1a", "us-east-1b"]

  launch_template {
    id = aws_launch_template.web.id
  }
}

# A group of one that only brings its server back.
resource "aws_autoscaling_group" "bastion" {
  min_size           = 1
  max_size           = 1
  availability_zones = ["us-east-1a", "us-east-1b"]

  launch_template {
    id = aws_launch_template.web.id
  }
}

resource "aws_autoscaling_group" "vpn" {
  min_size           = 1
  max_size           = 1
  availability_zones = ["us-east-1a", "us-east-1b"]

  launch_template {
    id = aws_launch_template.web.id
  }
}

resource "aws_autoscaling_group" "nat_instances" {
  min_size           = 1
  max_size           = 1
  availability_zones = ["us-east-1a"]

  launch_template {
    id = aws_launch_template.web.id
  }
}
