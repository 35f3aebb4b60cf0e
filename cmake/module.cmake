# SPDX-License-Identifier: Apache-2.0
# attacca_module(folder [DEPS folder…] [LIBS target…] [RECURSE])
#
# One static library per folder of src/, named attacca_<folder>, from every .cc there; the
# *_test.cc beside the code become one test program, <folder>_test.

function(attacca_target_name folder out)
    string(REPLACE "/" "_" name ${folder})
    set(${out} attacca_${name} PARENT_SCOPE)
endfunction()

function(attacca_module folder)
    cmake_parse_arguments(M "RECURSE" "" "DEPS;LIBS" ${ARGN})
    attacca_target_name(${folder} target)
    set(glob GLOB)
    if(M_RECURSE)
        set(glob GLOB_RECURSE)
    endif()
    file(${glob} sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.cc)
    set(tests ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cc$")
    list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")

    set(link attacca_settings ${M_LIBS})
    foreach(dep ${M_DEPS})
        attacca_target_name(${dep} dep_target)
        list(APPEND link ${dep_target})
    endforeach()
    if(sources)
        add_library(${target} STATIC ${sources})
        target_link_libraries(${target} PUBLIC ${link})
    else()
        add_library(${target} INTERFACE)
        target_link_libraries(${target} INTERFACE ${link})
    endif()

    if(tests)
        string(REPLACE "/" "_" short ${folder})
        add_executable(${short}_test ${tests})
        target_link_libraries(${short}_test PRIVATE ${target} GTest::gtest GTest::gmock
                              GTest::gtest_main)
        add_test(NAME ${short} COMMAND ${short}_test)
        set_tests_properties(${short} PROPERTIES LABELS unit TIMEOUT 600
            WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    endif()
endfunction()

# attacca_program(name SOURCE file… DEPS folder…): an executable in the build directory.
function(attacca_program name)
    cmake_parse_arguments(P "" "" "SOURCE;DEPS;LIBS" ${ARGN})
    add_executable(${name} ${P_SOURCE})
    set(link attacca_settings ${P_LIBS})
    foreach(dep ${P_DEPS})
        attacca_target_name(${dep} dep_target)
        list(APPEND link ${dep_target})
    endforeach()
    target_link_libraries(${name} PRIVATE ${link})
endfunction()
