# The host's own API over real sockets, with the scripted worker.
if(TARGET fake_worker)
    foreach(test tst_api tst_api_events tst_api_models tst_api_refusals)
        tintype_add_test(NAME ${test} LABEL integration TIMEOUT 120
            SOURCES "${CMAKE_SOURCE_DIR}/tests/integration/${test}.cpp" "${CMAKE_SOURCE_DIR}/tests/integration/api_fixture.cpp"
            LIBS tintype_server nlohmann_json::nlohmann_json)
        if(TARGET ${test})
            target_compile_definitions(${test} PRIVATE FAKE_WORKER="$<TARGET_FILE:fake_worker>")
            add_dependencies(${test} fake_worker)
        endif()
    endforeach()
endif()
