# The loadable extension in the sqlite3 shell, over a store that the program wrote.
# Run as: cmake -DPROGRAM=… -DEXTENSION=… -DFOLDER=… -P check_extension.cmake
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
file(WRITE ${FOLDER}/init.lua "local land = zone \"land\" { timezone = \"UTC\" }
measure \"money\" { kind = \"flow\", unit = \"1e4 CNY\", every = \"month\" }
")
file(WRITE ${FOLDER}/a.csv "measure,area,period,value,known_at\nmoney,land,2022-01,5,2022-02-01\nmoney,land,2022-01,6,2022-03-01\n")
execute_process(COMMAND ${PROGRAM} import ${FOLDER} ${FOLDER}/a.csv --db ${FOLDER}/a.db COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND sqlite3 ${FOLDER}/a.db -cmd ".load ${EXTENSION}" "SELECT period, value FROM figures WHERE measure = 'money'"
  "SELECT period, value FROM figures WHERE measure = 'money' AND as_of = '2022-02-15'" OUTPUT_VARIABLE found COMMAND_ERROR_IS_FATAL ANY)
if(NOT found STREQUAL "2022-01|6.0\n2022-01|5.0\n")
  message(FATAL_ERROR "the shell answers:\n${found}")
endif()
