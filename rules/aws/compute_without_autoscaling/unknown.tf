variable "bastions" {
  type = number
}

variable "boot_script" {
  type = string
}

resource "aws_instance" "bastion" {
  count         = var.bastions
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.nano"
  user_data     = var.boot_script
}
