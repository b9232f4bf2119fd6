# The fetcher against a small hub of our own, which the hub's own Python client also downloads from.
set(TINTYPE_PYTHON "${CMAKE_SOURCE_DIR}/.deps/python/bin/python" CACHE FILEPATH "Python with the reference libraries")
find_program(TINTYPE_ANY_PYTHON python3 REQUIRED)
tintype_add_test(NAME tst_hub_fetch LABEL integration TIMEOUT 180
    SOURCES "${CMAKE_SOURCE_DIR}/tests/integration/tst_hub_fetch.cpp" LIBS tintype_server)
if(TARGET tst_hub_fetch)
    target_compile_definitions(tst_hub_fetch PRIVATE
        HUB_SERVER="${CMAKE_SOURCE_DIR}/tests/support/hub_server.py"
        ANY_PYTHON="${TINTYPE_ANY_PYTHON}" HUB_PYTHON="${TINTYPE_PYTHON}")
endif()
