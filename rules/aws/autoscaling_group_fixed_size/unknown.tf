variable "most" {
  type = number
}

resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_autoscaling_group" "web" {
  min_size           = 2
  max_size           = var.most
  availability_zones = ["us-east-1a", "us-east-1b"]

  launch_template {
    id = aws_launch_template.web.id
  }
}
