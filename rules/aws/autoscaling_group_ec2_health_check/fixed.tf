resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_lb_target_group" "web" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-0123456789abcdef0"
}

resource "aws_autoscaling_group" "web" { # expect: aws/autoscaling_group_ec2_health_check
  min_size           = 2
  max_size           = 6
  availability_zones = ["us-east-1a", "us-east-1b"]
  target_group_arns  = [aws_lb_target_group.web.arn]
  health_check_type  = "ELB"

  launch_template {
    id = aws_launch_template.web.id
  }
}

resource "aws_autoscaling_group" "api" {
  min_size           = 2
  max_size           = 6
  availability_zones = ["us-east-1a", "us-east-1b"]
  health_check_type  = "ELB" # expect: aws/autoscaling_group_ec2_health_check

  launch_template {
    id = aws_launch_template.web.id
  }
}

resource "aws_autoscaling_attachment" "api" {
  autoscaling_group_name = aws_autoscaling_group.api.id
  lb_target_group_arn    = aws_lb_target_group.web.arn
}
