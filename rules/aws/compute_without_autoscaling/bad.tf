resource "aws_instance" "web" { # expect: aws/compute_without_autoscaling
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_spot_instance_request" "worker" { # expect: aws/compute_without_autoscaling
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

# Three are as fixed as one.
resource "aws_instance" "api" { # expect: aws/compute_without_autoscaling
  count         = 3
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

# What it installs tells what it is.
resource "aws_instance" "this" { # expect: aws/compute_without_autoscaling
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  user_data     = "dnf install -y nginx && systemctl enable --now nginx"
}

# A database is worth no less than what asks it.
resource "aws_instance" "mongodb" { # expect: aws/compute_without_autoscaling
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.medium"
}

resource "aws_instance" "game_server" { # expect: aws/compute_without_autoscaling
  ami           = "ami-0123456789abcdef0"
  instance_type = "c7i.large"
}
