resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_autoscaling_group" "web" {
  min_size           = 2
  max_size           = 2 # expect: aws/autoscaling_group_fixed_size
  availability_zones = ["us-east-1a", "us-east-1b"]

  launch_template {
    id = aws_launch_template.web.id
  }
}

resource "aws_autoscaling_group" "api" {
  min_size           = 0
  max_size           = 1 # expect: aws/autoscaling_group_fixed_size
  availability_zones = ["us-east-1a", "us-east-1b"]

  launch_template {
    id = aws_launch_template.web.id
  }
}
