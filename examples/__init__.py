"""An example enterprise and its journey: data to read, and a client that shows how the services are used."""
