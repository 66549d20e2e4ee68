resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_lb_target_group" "web" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-0123456789abcdef0"
}

resource "aws_autoscaling_group" "web" {
  min_size           = 2
  max_size           = 6
  availability_zones = ["us-east-1a", "us-east-1b"]
  target_group_arns  = [aws_lb_target_group.web.arn]
  health_check_type  = "ELB"

  launch_template {
    id = aws_launch_template.web.id
  }
}

# Nothing sends it traffic: the machine's own health is all there is to ask.
resource "aws_autoscaling_group" "workers" {
  min_size           = 2
  max_size           = 6
  availability_zones = ["us-east-1a", "us-east-1b"]

  launch_template {
    id = aws_launch_template.web.id
  }
}

# Capacity of an ECS cluster: its tasks are behind the load balancer, not its machines.
resource "aws_ecs_capacity_provider" "main" {
  name = "main"

  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.workers.arn
  }
}
