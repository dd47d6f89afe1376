from mobility.cli.main import main

main()
