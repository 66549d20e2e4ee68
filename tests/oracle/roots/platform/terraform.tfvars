services = {
  api = {
    port   = 8080
    public = true
  }
  match = {
    port  = 7777
    tasks = 4
    extra = { MODE = "ranked" }
  }
}
